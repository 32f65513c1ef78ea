import type { NumberFormat } from './styles.ts';

const WHOLE = /^-?\d+$/;
const SECONDS_A_DAY = 86_400;
const FALSE_LEAP_DAY = 60; // Excel believes that there was a 29 February 1900, as Lotus did
const DAYS_TO_1970 = 25_569;
const DAYS_TO_1904 = 1462;
const LAST_DAY = 2_958_465; // 31 December 9999
const DIGITS = 15; // that Excel shows and keeps

/** The number in a cell as a CSV would hold it: no exponent, no digit that only stands for rounding. */
export function numberText(stored: string, format: NumberFormat, from1904: boolean): string {
  const number = Number(stored);
  if (!Number.isFinite(number)) return stored;
  switch (format.kind) {
    case 'number':
      return plainText(stored, number);
    case 'padded':
      return plainText(stored, number).replace(/^\d+$/, (digits) => digits.padStart(format.digits, '0'));
    default:
      return dateText(number, format.kind, from1904) ?? plainText(stored, number);
  }
}

/** A whole number is kept as it is stored, however long: what a program wrote there may be no quantity. */
function plainText(stored: string, number: number): string {
  if (WHOLE.test(stored)) return stored;
  const text = String(Number(number.toPrecision(DIGITS)));
  const [, sign = '', digits = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  if (digits === '') return text;
  const zeros = Number(exponent);
  if (zeros > 0) return sign + digits + fraction.padEnd(zeros, '0');
  return `${sign}0.${'0'.repeat(-zeros - 1)}${digits}${fraction}`;
}

/** Days since the end of 1899 as a date; undefined for what is none. */
function dateText(
  number: number,
  kind: 'date' | 'date_time' | 'time',
  from1904: boolean,
): string | undefined {
  const seconds = Math.round(number * SECONDS_A_DAY);
  if (seconds < 0) return undefined;
  const time = new Date((seconds % SECONDS_A_DAY) * 1000).toISOString().slice(11, 19);
  if (kind === 'time' && seconds < SECONDS_A_DAY) return time;
  const counted = Math.floor(seconds / SECONDS_A_DAY) + (from1904 ? DAYS_TO_1904 : 0);
  if (counted > LAST_DAY || (counted === FALSE_LEAP_DAY && !from1904)) return undefined;
  const day = counted < FALSE_LEAP_DAY ? counted + 1 : counted;
  const date = new Date((day - DAYS_TO_1970) * SECONDS_A_DAY * 1000).toISOString().slice(0, 10);
  return kind === 'date' || time === '00:00:00' ? date : `${date}T${time}`;
}

/** A date that a cell holds as text (`t="d"`, ISO 8601). */
export function isoDateText(stored: string): string {
  return stored.replace(/T00:00(?::00(?:\.0+)?)?Z?$/, '');
}
