import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../config/duration.ts';

/** An option that is a length of time, in ms. */
export function durationOption(flags: string, meaning: string): Option {
  return new Option(flags, meaning).argParser((text) => {
    const ms = parseDuration(text);
    if (ms === undefined) throw new InvalidArgumentError('A duration such as 30s, 15m, 24h or 7d is wanted.');
    return ms;
  });
}
