import { styleText } from 'node:util';
import type { Received } from '../webhooks/receiver.ts';
import type { Check } from '../webhooks/verify.ts';
import { printable } from './output.ts';
import { instant } from './records.ts';

const MARKS = {
  verified: ['green', '✓', 'verified'],
  wrong: ['red', '✗', 'WRONG'],
  unknown: ['yellow', '?', 'unknown'],
} as const satisfies Record<Check['result'], readonly [string, string, string]>;
const NAME = 18; // the longest header
const WORD = 9;

/** A delivery for people: what came, what was found of each signature, the body. */
export function deliveryLines(delivery: Received, status: number, now: number): string[] {
  const { method, path, type, id, checks, body } = delivery;
  const time = new Date(now).toISOString().slice(11, 19);
  const what = [type || 'no X-KASKO-Event', id || 'no webhook-id'].map(printable).join('  ');
  return [
    '',
    `${styleText('dim', time)} ${method} ${printable(path)}  ${styleText('bold', what)}  ${styleText('dim', `answered ${status}`)}`,
    ...checks.map(checkLine),
    ...bodyLines(body).map((line) => `    ${printable(line)}`),
  ];
}

/** The same for programs. */
export function deliveryRecord(delivery: Received, status: number, now: number) {
  const { method, path, type, id, isGenuine, checks, headers, body } = delivery;
  const record = { received_at: instant(now), method, path, id, type, genuine: isGenuine, checks };
  return { ...record, status, headers, body: jsonIn(body) ?? body.toString('utf8') };
}

function checkLine({ header, result, detail }: Check): string {
  const [color, mark, word] = MARKS[result];
  return `  ${styleText(color, `${mark} ${header.padEnd(NAME)} ${word.padEnd(WORD)}`)} ${styleText('dim', detail)}`;
}

function bodyLines(body: Buffer): string[] {
  const json = jsonIn(body);
  const text = json === undefined ? body.toString('utf8') : JSON.stringify(json, null, 2);
  return text.split('\n');
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
