import { InvalidArgumentError, Option } from 'commander';
import { expiryOf } from '../domain/key-options.ts';
import { networkOf } from '../domain/network.ts';

const LARGEST_SERIAL = 2n ** 64n - 1n;

/** `may`: what the key is good for until then. */
export function expiresOption(may: string): Option {
  const meaning = `the last day it ${may} (2027-01-31, UTC), or the instant from which on it does not (2027-01-31T12:00:00Z)`;
  return new Option('--expires <date>', meaning).argParser((text) => {
    const expiry = expiryOf(text);
    if (expiry === undefined) {
      throw new InvalidArgumentError(
        'A day such as 2027-01-31 or a time such as 2027-01-31T12:00:00Z is wanted.',
      );
    }
    if (expiry <= Date.now()) throw new InvalidArgumentError('That is over already.');
    return expiry;
  });
}

export function fromOption(): Option {
  const meaning = 'only from this network or address (may be repeated; default: from anywhere)';
  return repeated('--from <network>', meaning, (text) => {
    const network = networkOf(text);
    if (network !== undefined) return network;
    throw new InvalidArgumentError('A network such as 203.0.113.0/24 or an address is wanted.');
  });
}

export function principalOption(): Option {
  const meaning = "with --ca: whom certificates may name (may be repeated; default: the account's name)";
  return repeated('--principal <name>', meaning, (text) => {
    if (text !== '' && !text.includes(',')) return text;
    throw new InvalidArgumentError('One name is wanted; give the option once for each.');
  });
}

export function serialOption(): Option {
  return repeated('--serial <n>', 'certificates with this serial (may be repeated)', (text) => {
    if (/^[1-9]\d{0,19}$/.test(text) && BigInt(text) <= LARGEST_SERIAL) return BigInt(text);
    throw new InvalidArgumentError(
      'A whole number from 1 on is wanted: certificates that were issued without one have 0; revoke their keys.',
    );
  });
}

function repeated<T>(flags: string, meaning: string, parse: (text: string) => T): Option {
  return new Option(flags, meaning).argParser((text, earlier: readonly T[] = []) => [
    ...earlier,
    parse(text),
  ]);
}
