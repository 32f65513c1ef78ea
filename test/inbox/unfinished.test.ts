import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeUnfinished } from '../../src/inbox/unfinished.ts';
import { keptLog } from '../sftp/a-log.ts';
import { AnInbox, PUT, RESUME, yes } from './an-inbox.ts';
import { filesKept } from './files-kept.ts';

const KEPT = 86_400_000; // ms

let inbox: AnInbox;
let log: ReturnType<typeof keptLog>;
beforeEach(async () => {
  inbox = await AnInbox.open();
  log = keptLog();
});
afterEach(() => inbox.remove());

const tidy = () =>
  removeUnfinished({ store: inbox.store, spool: inbox.spool, log, clock: () => inbox.now }, KEPT);

async function cutOff(path: string): Promise<void> {
  const handle = await inbox.open(path, PUT);
  yes(await handle.write(0, Buffer.from('half of')));
  await handle.abandon();
}

test('files that were never finished are removed when nobody touched them for long, and the log says so', async () => {
  await cutOff('/test/cut.csv');
  await inbox.put('/live/tickets.csv.filepart', 'temporary');
  inbox.now += KEPT - 1;
  await tidy();
  expect(await inbox.names('/test')).toEqual(['cut.csv']);
  inbox.now += 1;
  await tidy();
  expect([await inbox.names('/test'), await inbox.names('/live'), await filesKept(inbox)]).toEqual([
    [],
    [],
    0,
  ]);
  expect(log.lines).toEqual([
    {
      level: 'warn',
      message: 'removed a file that was never finished',
      fields: { account: 'partner', mode: 'test', name: 'cut.csv', size: 7 },
    },
    {
      level: 'warn',
      message: 'removed a file that was never finished',
      fields: { account: 'partner', mode: 'live', name: 'tickets.csv.filepart', size: 9 },
    },
  ]);
});

test('what is due, held, being imported or done stays', async () => {
  for (const name of ['settling', 'held', 'imported']) await inbox.put(`/test/${name}.csv`, name);
  inbox.now += KEPT;
  const claims = [await inbox.take(), await inbox.take()];
  const [, held] = claims;
  if (held) await inbox.store.holdImport(held.import.id, held.epoch, 'cut off', inbox.now);
  await tidy();
  expect(await inbox.names('/test')).toEqual(['held.csv', 'imported.csv', 'settling.csv']);
  expect(log.lines).toEqual([]);
});

test('what is being written stays, and the wait begins when the connection is lost', async () => {
  const handle = await inbox.open('/test/slow.csv', PUT);
  yes(await handle.write(0, Buffer.from('half of')));
  inbox.now += 2 * KEPT;
  await tidy();
  yes(await handle.write(7, Buffer.from(' it')));
  await handle.abandon();
  await tidy();
  const resumed = await inbox.open('/test/slow.csv', RESUME);
  yes(await resumed.write(10, Buffer.from('!')));
  yes(await resumed.close());
  expect((await inbox.take()).import.size).toBe(11);
});

test('a name is free again', async () => {
  await cutOff('/test/cut.csv');
  inbox.now += KEPT;
  await tidy();
  await inbox.put('/test/cut.csv', 'whole');
  expect((await inbox.take()).import.size).toBe(5);
});
