// Deliveries and replays, with the real program, a real receiver and a crash.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EXAMPLE, eventually, Site } from '../journey/a-server.ts';
import { AReceiver } from '../webhooks/a-receiver.ts';

type Record_ = Record<string, unknown> & { id: string; state: string };

let site: Site;
let receiver: AReceiver;

beforeEach(async () => {
  site = new Site();
  receiver = await AReceiver.start();
  site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
});

afterEach(async () => {
  await site.remove();
  await receiver[Symbol.asyncDispose]();
});

const ids = () => receiver.got.map(({ headers }) => String(headers['webhook-id']));

async function delivery(command: string, ...args: string[]): Promise<Record_[]> {
  const { stdout, stderr, status } = await site.cliBeside('--json', 'delivery', command, ...args);
  if (status !== 0) throw new Error(stderr);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record_);
}

/** The example is imported: two policies and the import, so three events. */
async function importAnd(urls: string[]): Promise<void> {
  for (const url of urls) site.cli('webhook', 'add', 'partner', url, '--mode', 'test');
  site.cli('import', EXAMPLE, '--account', 'partner', '--mode', 'test', '--wait');
}

describe('a replay', () => {
  test('counts first, sends again the original ids, to the present URL and with the present secret, and is done over a crash', async () => {
    await importAnd(['http://127.0.0.1:9/']); // nobody listens there
    const [{ id: endpoint } = { id: '' }] = site.cli<{ id: string }>('webhook', 'list', 'partner');
    site.cli('webhook', 'pause', 'partner', endpoint);
    const all = ['--account', 'partner', '--since', '1h'];
    expect(await delivery('replay', ...all, '--dry-run')).toEqual([
      expect.objectContaining({ url: 'http://127.0.0.1:9/', events: 3 }),
    ]);
    expect(await delivery('replays', '--account', 'partner')).toEqual([]);
    const [started] = await delivery('replay', ...all);
    expect(started).toMatchObject({ state: 'running', total: 3, done: 0 });

    await site.start();
    await eventually(
      async () => (await delivery('replays', '--account', 'partner'))[0]?.state === 'completed',
    );
    await site.server?.stop('SIGKILL');
    site.cli('webhook', 'update', 'partner', endpoint, '--url', receiver.url);
    site.cli('webhook', 'resume', 'partner', endpoint);
    await site.start();
    await eventually(() => receiver.got.length >= 6); // three that waited, and three again
    expect(new Set(ids()).size).toBe(3);
    const [ended] = await delivery('replays', '--account', 'partner');
    expect(ended).toMatchObject({ id: started?.id, state: 'completed', total: 3, done: 3 });
    const refused = await site.cliBeside('delivery', 'cancel', started?.id ?? '');
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('is completed already')]);
  });

  test('of one delivery, or of what was given up, is sent by the running server', async () => {
    await importAnd([receiver.url]);
    await site.start();
    await eventually(() => receiver.got.length >= 3);
    await eventually(
      async () => (await delivery('list', '--account', 'partner', '--state', 'delivered')).length === 3,
    );
    const list = await delivery('list', '--account', 'partner');
    expect(list.map(({ state }) => state)).toEqual(['delivered', 'delivered', 'delivered']);
    const [again] = await delivery('replay', list[0]?.id ?? '');
    expect(again).toMatchObject({ state: 'pending', event: list[0]?.['event'] });
    await eventually(() => receiver.got.length >= 4);
    expect(new Set(ids()).size).toBe(3);
    const [shown] = await delivery('show', list[0]?.id ?? '');
    expect(shown).toMatchObject({ id: list[0]?.id, state: 'delivered', status: 204, failed_attempts: [] });
    const [waited] = await delivery(
      'replay',
      '--account',
      'partner',
      '--since',
      '1h',
      '--event',
      'import.completed',
      '--wait',
    );
    expect(waited).toMatchObject({ state: 'completed', done: 1 });
    await eventually(() => receiver.got.length >= 5);
    expect(await delivery('replay', '--account', 'partner', '--since', '1h', '--failed')).toEqual([]);
  });

  test.each([
    [['replay'], 2, 'Name a delivery'],
    [['replay', '--account', 'partner'], 2, 'Name a delivery'],
    [['replay', 'dlv_0', '--failed'], 2, 'A delivery is named'],
    [['replay', 'dlv_0'], 1, 'There is no delivery dlv_0'],
    [['replay', '--account', 'partner', '--since', 'yesterday'], 2, 'A time is wanted'],
    [['replay', '--account', 'partner', '--since', '1h', '--until', '2h'], 2, 'before --until'],
    [['replay', '--account', 'partner', '--since', '1h'], 1, 'partner has no endpoint'],
    [['replay', '--account', 'partner', '--since', '1h', '--wait'], 1, 'needs a running server'],
    [['cancel', 'rpl_0'], 1, 'There is no replay rpl_0'],
    [['show', 'dlv_0'], 1, 'There is no delivery dlv_0'],
  ])('%j is refused, with the reason', (args, status, reason) => {
    const result = site.cliResult('delivery', ...args);
    expect([result.status, result.stderr]).toEqual([status, expect.stringContaining(reason)]);
  });
});
