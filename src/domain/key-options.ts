// What a key may be limited to: as the command line says it, and as sshd's authorized_keys does before a key.
import { networkOf } from './network.ts';
import { ok, type Result, refused } from './refusal.ts';

export type KeyOptions = {
  /** The instant (ms) from which on the key logs in no more. */
  readonly expires_at?: number;
  /** The networks it may be used from, as `networkOf` gives them; empty for anywhere. */
  readonly from: readonly string[];
};

const ONE_DAY = 86_400_000; // ms
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2}))$/; // RFC 3339, 5.6
const EXPIRY_TIME = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?(Z?)$/;
const OPTION = /([A-Za-z0-9-]+)(?:="((?:[^"\\]|\\.)*)")?(?:,(?=.)|$)/gy;

/** The first instant after a day (`2027-01-31`, UTC) or an RFC 3339 time, in ms; undefined when it is neither. */
export function expiryOf(text: string): number | undefined {
  if (DAY.test(text)) {
    const start = instantOf(text, '00:00:00Z');
    return start === undefined ? undefined : start + ONE_DAY;
  }
  const [, day, time] = TIME.exec(text.toUpperCase()) ?? [];
  return day === undefined || time === undefined ? undefined : instantOf(day, time);
}

/** The options of a line of authorized_keys (sshd(8)). Those that would not be obeyed are refused, by name. */
export function parseKeyOptions(text: string): Result<KeyOptions, 'invalid_key'> {
  let options: KeyOptions = { from: [] };
  let at = 0;
  for (const [whole, name = '', value = ''] of text.matchAll(OPTION)) {
    const option = parseOption(name, value);
    if (!option.ok) return option;
    options = { ...options, ...option.value };
    at += whole.length;
  }
  if (at < text.length) return refused('invalid_key', `The options before the key cannot be read: ${text}`);
  return ok(options);
}

function parseOption(name: string, value: string): Result<Partial<KeyOptions>, 'invalid_key'> {
  if (name === 'from') return parseFrom(value);
  if (name === 'expiry-time') {
    const expires_at = expiryTimeOf(value);
    if (expires_at !== undefined) return ok({ expires_at });
    return refused('invalid_key', `expiry-time="${value}" is no time; write it as YYYYMMDDHHMMSSZ.`);
  }
  const advice = 'Only from and expiry-time are: remove it, if you can do without.';
  return refused('invalid_key', `The option ${name} before the key would not be obeyed here. ${advice}`);
}

function parseFrom(value: string): Result<Partial<KeyOptions>, 'invalid_key'> {
  const from: string[] = [];
  for (const one of value.split(',')) {
    const network = networkOf(one.trim());
    if (network === undefined) {
      const advice = 'Write networks such as 203.0.113.0/24; names and patterns are not obeyed here.';
      return refused('invalid_key', `from="${value}": "${one}" is no network. ${advice}`);
    }
    from.push(network);
  }
  return ok({ from });
}

/** OpenSSH's form: in the time zone of this machine unless it ends in Z, and a day means its beginning. */
function expiryTimeOf(text: string): number | undefined {
  const [, year, month, day, hours = '00', minutes = '00', seconds = '00', zone] =
    EXPIRY_TIME.exec(text) ?? [];
  if (year === undefined) return undefined;
  return instantOf(`${year}-${month}-${day}`, `${hours}:${minutes}:${seconds}${zone}`);
}

function instantOf(day: string, time: string): number | undefined {
  const midnight = new Date(`${day}T00:00:00Z`);
  // JavaScript takes 30 February for 2 March.
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day)) return undefined;
  const instant = Date.parse(`${day}T${time}`);
  return Number.isNaN(instant) ? undefined : instant;
}
