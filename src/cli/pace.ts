import type { Import } from '../domain/import.ts';

/** How an import under way gets on, since its present run began; undefined when none is. */
export type Pace = {
  readonly percent: number;
  readonly rows_per_second: number;
  readonly seconds_left: number;
};

/** The pace at the instant `now`. */
export function paceOf({ run, rows, bytes_read, bytes }: Import, now: number): Pace | undefined {
  if (!run) return undefined;
  const seconds = Math.max(now - run.at, 1) / 1000;
  const read = bytes_read - run.bytes_read;
  return {
    percent: bytes === 0 ? 0 : Math.floor((100 * bytes_read) / bytes),
    rows_per_second: Math.round((rows - run.rows) / seconds),
    seconds_left: read > 0 ? Math.ceil((seconds * (bytes - bytes_read)) / read) : 0,
  };
}

export function inMinutes(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
