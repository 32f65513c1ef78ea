import { describe, expect, test } from 'vitest';
import { EVENT_TYPES } from '../../src/domain/event.ts';
import { TOTAL_TIMEOUT } from '../../src/webhooks/attempt.ts';
import { bodyOf } from '../../src/webhooks/bodies.ts';
import { RETRY_AFTER } from '../../src/webhooks/schedule.ts';
import { PER_ENDPOINT } from '../../src/webhooks/sender.ts';
import { signedHeaders } from '../../src/webhooks/signatures.ts';
import { EVENTS, SECRET } from './events.ts';
import { linksAt } from './links.ts';
import { codeBlock, PAGE } from './page.ts';

describe('docs/webhooks.md', () => {
  test.each(EVENT_TYPES)('explains %s, and shows its body as it is sent', (type) => {
    expect(PAGE).toContain(`| \`${type}\` |`);
    const sent = JSON.parse(bodyOf(EVENTS[type], linksAt()));
    expect(codeBlock('json', `### ${type}\n`)).toBe(`${JSON.stringify(sent, null, 2)}\n`);
  });

  test('names every header', () => {
    const headers = signedHeaders({ id: 'evt_1', type: 'policy.created', seconds: 0, body: '' }, [SECRET]);
    for (const name of Object.keys(headers)) expect(PAGE).toContain(`| \`${name}\` |`);
  });

  test('tells the schedule and the limits as they are', () => {
    const text = PAGE.replaceAll('\n', ' ');
    const waits = RETRY_AFTER.map(inWords);
    expect(text).toContain(`at once, then after ${waits.slice(0, -1).join(', ')} and ${waits.at(-1)}`);
    expect(text).toContain(`no answer within ${TOTAL_TIMEOUT / 1000} s`);
    expect(text).toContain(`up to ${PER_ENDPOINT} at a time`);
  });
});

function inWords(ms: number): string {
  if (ms < 60_000) return `${ms / 1000} s`;
  return ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`;
}
