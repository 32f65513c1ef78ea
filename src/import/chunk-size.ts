/** Until the first commit has been timed. */
export const FIRST_CHUNK = 500;

const TARGET_MS = 50; // how long a commit may keep a partner's CLOSE waiting for the writer
const MIN_CHUNK = 100; // below, the price of a transaction is more than that of its rows
const MAX_CHUNK = 2000; // what is under way takes memory; half as many rows take a tenth longer, as each commit writes most of the key table anew

/** The rows of the next chunk, when the commit of `rows` took `ms`; at most doubles and at least halves. */
export function nextChunkSize(rows: number, ms: number): number {
  const fitting = Math.round((rows * TARGET_MS) / Math.max(ms, 1));
  const gradual = Math.min(Math.max(fitting, rows / 2), rows * 2);
  return Math.round(Math.min(Math.max(gradual, MIN_CHUNK), MAX_CHUNK));
}
