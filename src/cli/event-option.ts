import { InvalidArgumentError, Option } from 'commander';
import { EVENT_TYPES, type EventType } from '../domain/event.ts';

/** `--event TYPE`, which may be given several times unless `isOne`. */
export function eventOption(meaning: string, { isOne = false } = {}): Option {
  const types = EVENT_TYPES.join(', ');
  const repeated = isOne ? '' : ' (may be repeated; default: all)';
  return new Option('--event <type>', `${meaning}${repeated}: ${types}`).argParser(
    (value, earlier: readonly EventType[] = []): EventType[] => {
      const type = EVENT_TYPES.find((one) => one === value);
      if (!type) throw new InvalidArgumentError(`There is no event "${value}"; there are ${types}.`);
      return [...earlier, type];
    },
  );
}
