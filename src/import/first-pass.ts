import type { Claim } from '../store/import-store.ts';
import type { ChunkReader } from './chunk-reader.ts';
import type { ImportDeps } from './import-deps.ts';
import { tryRows } from './trial.ts';

export const FIRST_PASS =
  'The first pass looks for bad rows; nothing is imported until every row is known to be good.';

/** An account may want a file only whole: then nothing is decided before every row was looked at. */
export function needsFirstPass({ account, checkpoint, verdict }: Claim): boolean {
  return account.bad_rows === 'reject-file' && checkpoint.rows === 0 && verdict === undefined;
}

/**
 * Tries all rows of a file, and has every row refused when one is bad. No other import of the account runs meanwhile, so that the
 * rows are still good when they are decided.
 */
export async function firstPass(
  claim: Claim,
  chunks: ChunkReader,
  { store, stop }: ImportDeps,
): Promise<'done' | 'fenced' | 'stopped'> {
  const { id, file, mode } = claim.import;
  for await (const outcomes of tryRows(chunks, { account: claim.account.id, mode, name: file }, store)) {
    if (stop.aborted) return 'stopped';
    if (!outcomes.some(({ outcome }) => outcome === 'rejected')) continue;
    const refused = await store.refuseRest(id, claim.epoch, 'file_rejected');
    return refused.ok ? 'done' : 'fenced';
  }
  return 'done';
}
