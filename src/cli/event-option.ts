import { InvalidArgumentError, Option } from 'commander';
import { EVENT_TYPES, type EventType } from '../domain/event.ts';

/** `--event TYPE`, which may be given several times. */
export function eventOption(meaning: string): Option {
  const types = EVENT_TYPES.join(', ');
  return new Option('--event <type>', `${meaning} (may be repeated; default: all): ${types}`).argParser(
    (value, earlier: readonly EventType[] = []): EventType[] => {
      const type = EVENT_TYPES.find((one) => one === value);
      if (!type) throw new InvalidArgumentError(`There is no event "${value}"; there are ${types}.`);
      return [...earlier, type];
    },
  );
}
