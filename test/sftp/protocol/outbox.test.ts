import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Outbox } from '../../../src/sftp/protocol/outbox.ts';

const bytes = (text: string) => Buffer.from(text);

function keeping(take: () => Promise<void> = async () => {}) {
  const sent: string[] = [];
  const outbox = new Outbox(4, async (reply) => {
    sent.push(reply.toString());
    await take();
  });
  return { sent, outbox };
}

test('replies leave in the order of their requests, whichever is ready first', async () => {
  const { sent, outbox } = keeping();
  const slow = Promise.withResolvers<Buffer>();
  outbox.add(slow.promise);
  outbox.add(Promise.resolve(bytes('second')));
  await turn();
  await turn();
  expect(sent).toEqual([]);
  slow.resolve(bytes('first'));
  await outbox.empty();
  expect(sent).toEqual(['first', 'second']);
});

test('a reply leaves without another request', async () => {
  const { sent, outbox } = keeping();
  outbox.add(Promise.resolve(bytes('only')));
  await turn();
  await turn();
  expect(sent).toEqual(['only']);
});

test('there is no room for a fifth reply before the first is taken', async () => {
  const taken = Promise.withResolvers<void>();
  const { sent, outbox } = keeping(() => taken.promise);
  for (const text of ['1', '2', '3', '4']) {
    await outbox.room();
    outbox.add(Promise.resolve(bytes(text)));
  }
  let room = false;
  const waiting = outbox.room().then(() => {
    room = true;
  });
  await outbox.answered();
  await turn();
  expect([room, sent]).toEqual([false, ['1']]);
  taken.resolve();
  await waiting;
  await outbox.empty();
  expect(sent).toEqual(['1', '2', '3', '4']);
});
