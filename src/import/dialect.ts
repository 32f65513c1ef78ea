import type { SpoolReader } from '../inbox/spool.ts';
import type { Encoding } from './encoding.ts';

/** How a text separates its cells and its records, and what its bytes mean. */
export type Dialect = {
  readonly delimiter: Delimiter;
  /** As the first record ends. A file of `\n` may mix in `\r\n` and the other way round; `\r` alone stays alone. */
  readonly lineEnd: '\n' | '\r\n' | '\r';
  readonly encoding: Encoding;
};

export const DELIMITERS = [',', ';', '\t', '|'] as const;
type Delimiter = (typeof DELIMITERS)[number];

/** The character that ends a physical line: `\r\n` is found by its `\n`. */
export function newlineOf(dialect: Dialect): '\n' | '\r' {
  return dialect.lineEnd === '\r' ? '\r' : '\n';
}

const SAMPLE_BYTES = 256 * 1024; // holds the header and some rows even of a table of 1000 columns
const SAMPLE_RECORDS = 20; // enough to tell a delimiter from a character that happens to occur in a name

/** The dialect that the text's first records speak; comma where nothing speaks for another. */
export async function readDialect(text: SpoolReader, encoding: Encoding): Promise<Dialect> {
  const bytes = await text.read(0, SAMPLE_BYTES);
  return { ...dialectOf(bytes.toString('latin1'), bytes.length === text.size), encoding };
}

/** The dialect of `text`; the last record of a sample that is not the `whole` file may be cut off and does not count. */
export function dialectOf(text: string, whole: boolean): Omit<Dialect, 'encoding'> {
  const { lineEnd, records } = structureOf(text);
  if (!whole && records.length > 1) records.pop();
  return { lineEnd, delimiter: mostConsistent(records.filter((record) => record.trim() !== '')) };
}

/** A cell in quotes, which may hold anything; a quote inside a cell begins nothing. */
const QUOTED = /(^|[,;\t|\r\n] *)"[^"]*(?:""[^"]*)*(?:"|$)/g;

/** The first records without what stands in quotes, and the first line end outside of quotes. */
function structureOf(text: string): { lineEnd: Dialect['lineEnd']; records: string[] } {
  const bare = text.replace(QUOTED, '$1q');
  const lineEnd = /\r\n|\n|\r/.exec(bare)?.[0] as Dialect['lineEnd'] | undefined;
  return { lineEnd: lineEnd ?? '\n', records: bare.split(/\r\n|\n|\r/, SAMPLE_RECORDS + 1) };
}

/** Of the delimiters in the header, the one that most records have as often as the header. */
function mostConsistent(records: readonly string[]): Delimiter {
  let best: Delimiter = ',';
  let bestScore = 0;
  for (const delimiter of DELIMITERS) {
    const [inHeader = 0, ...inRows] = records.map((record) => record.split(delimiter).length - 1);
    const agreeing = inRows.filter((count) => count === inHeader).length;
    const score = inHeader === 0 ? 0 : 1 + agreeing + inHeader / (inHeader + 1); // agreement first, then frequency
    if (score > bestScore) [best, bestScore] = [delimiter, score];
  }
  return best;
}
