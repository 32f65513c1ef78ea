// A dry run: the same steps as an import takes, without one of them being kept.
import type { RowError, RowOutcome } from '../domain/import.ts';
import type { Spool, SpoolReader } from '../inbox/spool.ts';
import type { Catalogue } from '../product/product.ts';
import type { ImportStore, TriedFile } from '../store/import-store.ts';
import { ChunkReader } from './chunk-reader.ts';
import type { Dialect } from './dialect.ts';
import { readHeader } from './header.ts';
import { inspect } from './inspect.ts';
import { type Form, openSource } from './source/open-source.ts';
import { tryRows } from './trial.ts';

/** What was found in a file: how it is written, or why nothing of it would be imported. */
export type Checked =
  | { readonly kind: 'table'; readonly dialect: Dialect; readonly form: Form; readonly columns: number }
  | { readonly kind: 'held'; readonly problem: string }
  | { readonly kind: 'rejected'; readonly errors: readonly RowError[] };

type Check = {
  readonly file: TriedFile;
  /** The integrations that the file's account may sell. */
  readonly catalogue: Catalogue;
  readonly store: Pick<ImportStore, 'tryChunk' | 'endTrial'>;
  readonly spool: Pick<Spool, 'openScratch'>;
  /** Is given what would become of every row, some at a time. */
  readonly see: (outcomes: readonly RowOutcome[]) => void | Promise<void>;
  /** Bytes of the text that were read, of how many. */
  readonly progress: (read: number, all: number) => void;
};

/** Does everything that an import of `bytes` would do, but store it. Closes `bytes`. */
export async function checkFile(bytes: SpoolReader, check: Check): Promise<Checked> {
  await using source = await openSource(bytes, check.spool);
  const found = await inspect(source, 0);
  if (found.kind === 'cut_off') return { kind: 'held', problem: found.problem };
  if (found.kind === 'unreadable') return { kind: 'rejected', errors: [found.error] };
  const header = readHeader(found.header.cells, [...check.catalogue.values()]);
  if (!header.ok) return { kind: 'rejected', errors: header.errors };
  const chunks = new ChunkReader(found, header.header, check.catalogue);
  for await (const outcomes of tryRows(chunks, check.file, check.store)) {
    await check.see(outcomes);
    check.progress(chunks.bytesRead, found.text.bytes.size);
  }
  const { dialect, text } = found;
  return { kind: 'table', dialect, form: text.form, columns: found.header.cells.length };
}
