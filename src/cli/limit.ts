import { InvalidArgumentError, Option } from 'commander';

/** `--limit N` of every list. */
export function limitOption(): Option {
  return new Option('--limit <n>', 'at most so many').default(50).argParser(positiveInteger);
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('A whole number from 1 on is wanted.');
  return value;
}
