import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { brokenInvariants } from '../../faults/invariants.ts';
import { EVENT_TYPES } from '../../src/domain/event.ts';
import { openStore } from '../../src/store/open.ts';
import { openDatabase } from '../../src/store/sqlite/connection.ts';
import { storeMethods } from '../../src/store/sqlite/methods-of.ts';
import { FIRST_SCHEMA } from '../../src/store/sqlite/schema.ts';
import { AStore, HOUR, NOW, purchase, queueFile, rejection } from './a-store.ts';
import { key } from './contract/accounts.ts';
import { storeContract } from './store-contract.ts';

describe('SQLite', () => {
  storeContract();
});

describe('the SQLite database', () => {
  let one: AStore;

  beforeEach(async () => {
    one = await AStore.open();
  });

  afterEach(() => one.remove());

  test('is durable at every commit, also when it is opened again', async () => {
    await one.reopen();
    for (const role of ['writer', 'reader'] as const) {
      const db = openDatabase(one.directory, role);
      expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
      expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
      db.close();
    }
  });

  test('is for its owner only', () => {
    expect(statSync(join(one.directory, 'policydrop.db')).mode & 0o077).toBe(0);
  });

  test('of a newer program is refused with the advice to update', async () => {
    const raw = new DatabaseSync(join(one.directory, 'policydrop.db'));
    raw.exec('PRAGMA user_version = 99');
    raw.close();
    await expect(openStore(one.directory)).rejects.toThrow('newer policydrop');
  });

  test('of the first version opens with its keys, which have no limits, and its endpoints', async () => {
    const directory = join(one.directory, 'old');
    mkdirSync(directory);
    const raw = new DatabaseSync(join(directory, 'policydrop.db'));
    raw.exec(`${FIRST_SCHEMA}; PRAGMA user_version = 1`);
    raw.prepare('INSERT INTO meta VALUES (?, ?)').run('secret', Buffer.alloc(32));
    raw.exec(`INSERT INTO account VALUES (1, 'old', 1, '[]', 0, 5);
      INSERT INTO ssh_key VALUES (1, 'SHA256:x', 'ssh-ed25519', x'00', 'a comment', 5);
      INSERT INTO endpoint VALUES (1, 1, 'https://all.example/', 31, 1, 'whsec_x', 5, NULL), (2, 1, 'https://one.example/', 1, 1, 'whsec_x', 5, NULL)`);
    raw.close();
    const store = await openStore(directory);
    const account = await store.account('old');
    if (!account) throw new Error('the account is gone');
    expect(await store.keys(account.id)).toEqual([
      { ...key('SHA256:x'), blob: new Uint8Array(1), comment: 'a comment', created_at: 5 },
    ]);
    const events = (await store.endpoints(account.id)).map((endpoint) => endpoint.events);
    expect(events, 'who wanted all wants the new ones').toEqual([EVENT_TYPES, ['policy.created']]);
    await store.close();
  });

  test('that is no database is an error that says so', async () => {
    const other = await AStore.open();
    await other.store.close();
    writeFileSync(join(other.directory, 'policydrop.db'), 'nonsense '.repeat(1000));
    await expect(openStore(other.directory)).rejects.toThrow('not a database');
    other.store = await openStore(one.directory);
    await other.remove();
  });

  test('keeps two keys apart that fall into one slot of the key table', async () => {
    await one.store.close();
    const db = openDatabase(one.directory, 'writer');
    const store = storeMethods(db, () => 42);
    queueFile(store, one.account);
    const claim = store.claimImport(1000, NOW);
    if (!claim) throw new Error('nothing to claim');
    one.store = {
      ...one.store,
      commitChunk: async (chunk: Parameters<typeof store.commitChunk>[0]) => store.commitChunk(chunk),
    } as never;
    const rows = [
      purchase(1, 'a'),
      purchase(2, 'b'),
      purchase(3, 'a'),
      purchase(4, 'b', 'other'),
      purchase(5, 'c'),
    ];
    expect(await one.commit(claim, rows)).toMatchObject({
      value: { created: 3, duplicates: 1, rejected: 1 },
    });
    db.close();
    one.store = await openStore(one.directory);
    expect(brokenInvariants(one.directory)).toEqual([]);
  });

  test('survives kill -9 in the middle of commits, and whoever comes next goes on', async () => {
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('./commit-until-killed.ts', import.meta.url)), one.directory],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await once(child.stdout, 'data'); // its first chunk is committed
    await new Promise((resolve) => setTimeout(resolve, 200));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(brokenInvariants(one.directory)).toEqual([]);
    await one.store.dropClaims();
    const claim = await one.store.claimImport(1000, NOW);
    if (!claim) throw new Error('nothing to claim');
    const { rows } = claim.checkpoint;
    expect(rows).toBeGreaterThan(0);
    const again = await one.commit(
      claim,
      [purchase(rows + 1, `key-${rows + 1}`), purchase(rows + 2, 'key-1')],
      rows,
    );
    expect(again).toMatchObject({ value: { rows: rows + 2, created: rows + 1, duplicates: 1 } });
    expect(brokenInvariants(one.directory)).toEqual([]);
  });

  test('goes on with a replay after kill -9 in the middle of it: no event is lost, and none comes twice', async () => {
    const EVENTS = 2_000;
    const { id } = await one.subscribe(['policy.rejected']);
    const rows = Array.from({ length: EVENTS }, (_, i) => rejection(i + 1));
    await one.commit(await one.claim(), rows);
    await one.store.removeEndpoint(one.account.id, id, NOW);
    const endpoint = (await one.subscribe(['policy.rejected'])).id;
    const query = { what: 'events', since: NOW, until: NOW + 1, types: ['policy.rejected'] } as const;
    const total = await one.store.countReplay(endpoint, query);
    expect(total).toBe(EVENTS);
    const replay = { ...query, total, now: NOW + HOUR };
    const started = await one.store.startReplay(one.account.id, endpoint, replay);
    if (!started.ok) throw new Error(started.message);

    const script = fileURLToPath(new URL('./replay-until-killed.ts', import.meta.url));
    const child = spawn(process.execPath, [script, one.directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const { state, done } = (await one.store.replay(started.value.id)) ?? {};
    expect(state).toBe('running');
    expect(done).toBeGreaterThan(0);
    expect(await one.store.waitingEvents(endpoint)).toBe(done);

    while (await one.store.stepReplays({ now: NOW + HOUR, rows: 500, waiting: 1_000_000 }));
    expect(await one.store.replay(started.value.id)).toMatchObject({ state: 'completed', done: EVENTS });
    const ids = new Set<string>();
    let sent = 0;
    for (;;) {
      const deliveries = await one.deliveries();
      if (deliveries.length === 0) break;
      for (const { id } of deliveries.flatMap(({ events }) => events)) ids.add(id);
      sent += deliveries.length;
      await one.store.recordAttempts(
        deliveries.map(({ id, attempt }) => ({
          ...{ id, attempt, status: 200, problem: undefined, response: undefined, pause: undefined },
          ...{ ms: 1, retry_at: undefined, now: NOW },
        })),
      );
    }
    expect([sent, ids.size]).toEqual([EVENTS, EVENTS]);
  });

  test('takes the writes of two processes', async () => {
    const other = await openStore(one.directory);
    const add = (store: typeof other, name: string) =>
      store.addAccount({ name, modes: ['test'], integrations: [], keys: [], now: NOW });
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => add(i % 2 === 0 ? other : one.store, `partner-${i}`)),
    );
    expect(await one.store.accounts(100)).toHaveLength(21);
    await other.close();
  });

  test('can be made by several processes at once', async () => {
    const directory = join(one.directory, 'new');
    const program = fileURLToPath(new URL('./open-and-close.ts', import.meta.url));
    const children = Array.from({ length: 6 }, () =>
      spawn(process.execPath, [program, directory], { stdio: ['ignore', 'ignore', 'inherit'] }),
    );
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
    expect(codes).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('whose threads are gone answers with an error', async () => {
    await one.store.close();
    await expect(one.store.accounts(1)).rejects.toThrow('closed');
    one.store = await openStore(one.directory);
  });
});
