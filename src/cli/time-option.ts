import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../config/duration.ts';

const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?Z)?$/;

/** An option that is an instant, in ms: a day or a time in UTC, or how long ago. */
export function timeOption(flags: string, meaning: string): Option {
  const forms = '2027-01-31, 2027-01-31T12:00:00Z, or 24h for so long ago';
  return new Option(flags, `${meaning}: ${forms}`).argParser((text) => {
    const ago = parseDuration(text);
    if (ago !== undefined) return Date.now() - ago;
    const instant = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(instant)) throw new InvalidArgumentError(`A time is wanted: ${forms}.`);
    return instant;
  });
}
