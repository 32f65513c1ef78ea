// A claimed file becomes policies and a report: the whole flow, one step a line. What is wrong with the file or a
// row is data and is reported to the partner; what is thrown is our fault, and the import is tried again.
import type { RowError } from '../domain/import.ts';
import { catalogueFor } from '../purchase/catalogue.ts';
import type { Claim } from '../store/import-store.ts';
import { ChunkReader } from './chunk-reader.ts';
import { FIRST_PASS, firstPass, needsFirstPass } from './first-pass.ts';
import { readHeader } from './header.ts';
import type { ImportDeps } from './import-deps.ts';
import { importRows } from './import-rows.ts';
import { inspect } from './inspect.ts';
import { keepLease, LEASE_MS } from './lease.ts';
import { repeatRows } from './repeat-rows.ts';
import { startReports, writeRejection } from './reports.ts';
import { sha256Of } from './sha256.ts';
import { openSource } from './source/open-source.ts';

type Outcome = 'completed' | 'rejected' | 'held' | 'fenced' | 'stopped';

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 5 * 60_000;

/** Imports a file from its claim's checkpoint on. Never throws: our own faults are logged and the claim is given back. */
export async function importFile(claim: Claim, deps: ImportDeps): Promise<void> {
  const { id, file } = claim.import;
  const release = keepLease(claim, deps.store, deps.clock, deps.log);
  try {
    const outcome = await importClaimed(claim, deps);
    deps.log.info(`import ${outcome}`, { import: id, file, epoch: claim.epoch });
    if (outcome === 'stopped') await giveBack(claim, deps, 'The server was stopped.', 0);
  } catch (error) {
    await fail(claim, deps, error);
  } finally {
    release();
  }
}

async function importClaimed(claim: Claim, deps: ImportDeps): Promise<Outcome> {
  const { store, clock } = deps;
  const { id, file_id } = claim.import;
  await using source = await openSource(await deps.spool.open(file_id, 'file'), deps.spool);

  const sha256 = await sha256Of(source.file);
  assertSameBytes(claim, sha256);
  const released = claim.released || claim.checkpoint.rows > 0;
  const found = await inspect(source, released ? undefined : claim.expected);
  if (found.kind === 'cut_off') {
    return ended('held', await store.holdImport(id, claim.epoch, found.problem, clock()));
  }
  if (found.kind === 'unreadable') {
    const begun = await store.beginImport(id, claim.epoch, { sha256, bytes: source.file.size });
    return begun.ok ? reject(claim, deps, [found.error]) : 'fenced';
  }

  const sold = await deps.editions(claim.edition); // an import ends with what was on sale when it began
  const catalogue = catalogueFor(claim.account, sold.catalogue);
  const note = needsFirstPass(claim) ? { note: FIRST_PASS } : {};
  const { size: bytes } = found.text.bytes;
  const begun = await store.beginImport(id, claim.epoch, { sha256, bytes, edition: sold.edition, ...note });
  if (!begun.ok) return 'fenced';
  const header = readHeader(found.header.cells, [...catalogue.values()]);
  if (!header.ok) return reject(claim, deps, header.errors);

  const same = await store.sameImport(id, sha256);
  if (same === undefined && needsFirstPass(claim)) {
    const looked = await firstPass(claim, new ChunkReader(found, header.header, catalogue), deps);
    if (looked !== 'done') return looked;
  }
  await using reports = await startReports(claim.import, found, deps);
  if (!(await reports.catchUp(deps.stop))) return 'stopped';
  const chunks = new ChunkReader(found, header.header, catalogue, claim.checkpoint);
  const rows = same
    ? await repeatRows(claim, same, reports, deps)
    : await importRows(claim, chunks, reports, deps);
  if (rows !== 'done') return rows;
  // A worker that lost its claim finds out here, not when it has written over the reports of another.
  if (!(await store.renewLease(id, claim.epoch, LEASE_MS, clock()))) return 'fenced';
  const sizes = await reports.finish();
  return ended('completed', await store.completeImport({ ...endOf(claim, deps), ...sizes }));
}

async function reject(claim: Claim, deps: ImportDeps, errors: readonly RowError[]): Promise<Outcome> {
  const report_size = await writeRejection(claim.import, errors, deps.spool);
  const end = { ...endOf(claim, deps), report_size, rejected_size: undefined, errors };
  return ended('rejected', await deps.store.rejectImport(end));
}

function endOf(claim: Claim, { grace, clock }: ImportDeps) {
  return { import: claim.import.id, epoch: claim.epoch, grace, now: clock() };
}

function ended(outcome: Outcome, { ok }: { ok: boolean }): Outcome {
  return ok ? outcome : 'fenced';
}

/** A file that has given rows never changes: going on in another one would buy the wrong policies. */
function assertSameBytes({ import: one, checkpoint }: Claim, sha256: string): void {
  if (checkpoint.rows > 0 && one.sha256 !== undefined && one.sha256 !== sha256) {
    throw new Error(`The bytes of ${one.file_id} have changed since its import began`);
  }
}

/** The epoch counts the claims, so that each further try waits twice as long. */
async function fail(claim: Claim, deps: ImportDeps, error: unknown): Promise<void> {
  const problem = error instanceof Error ? error.message : String(error);
  const delay = Math.min(FIRST_RETRY_MS * 2 ** (claim.epoch - 1), LAST_RETRY_MS);
  deps.log.error('import failed, it will be tried again', { import: claim.import.id, problem, delay });
  await giveBack(claim, deps, problem, delay);
}

async function giveBack(claim: Claim, deps: ImportDeps, problem: string, delay: number): Promise<void> {
  const { id } = claim.import;
  try {
    await deps.store.failImport(id, claim.epoch, problem, deps.clock() + delay);
  } catch (error) {
    // The store itself is gone: the claim ends with its lease.
    deps.log.error('an import could not be given back', { import: id, problem: String(error) });
  }
}
