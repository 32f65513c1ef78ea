import { expect, test } from 'vitest';
import { refusalNotes } from '../../../src/sftp/gate/refusal-notes.ts';
import { keptLog } from '../a-log.ts';

test('a refused source has a line a minute, and the minute’s count when there were more', () => {
  let now = Date.UTC(2030, 0, 1);
  const log = keptLog();
  const note = refusalNotes(log, () => now);
  const first = [
    note('192.0.2.1', 'why'),
    note('192.0.2.1', 'why'),
    note('2001:db8::1', 'why'),
    note('2001:db8::2', 'why'),
  ];
  expect(first).toEqual([true, false, true, false]);
  now += 60_000;
  expect(note('192.0.2.1', 'why')).toBe(true);
  expect(log.lines.map(({ message, fields }) => [message, fields])).toEqual([
    ['refused a connection', { source: '192.0.2.1', reason: 'why' }],
    ['refused a connection', { source: '2001:db8::1', reason: 'why' }],
    ['refused more connections than were logged', { refused: 4, since: '2030-01-01T00:00:00.000Z' }],
    ['refused a connection', { source: '192.0.2.1', reason: 'why' }],
  ]);
});

test('a flood from everywhere writes a hundred lines a minute', () => {
  const log = keptLog();
  const note = refusalNotes(log, () => 0);
  for (let number = 0; number < 60_000; number++) note(`10.1.${number >> 8}.${number & 255}`, 'why');
  expect(log.lines).toHaveLength(100);
});
