import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { brokenInvariants } from '../../faults/invariants.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { openStore } from '../../src/store/open.ts';
import { openDatabase } from '../../src/store/sqlite/connection.ts';
import { storeMethods } from '../../src/store/sqlite/methods-of.ts';
import { AStore, HOUR, NOW, offerOf, purchase, queueFile } from './a-store.ts';

const FILES = new URL('./commit-until-killed.ts', import.meta.url);
const CALLS = new URL('./buy-until-killed.ts', import.meta.url);

let one: AStore;
let running: ChildProcess[];

beforeEach(async () => {
  one = await AStore.open();
  running = [];
});

afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  await one.remove();
});

/** A program that works on the store until it is killed; `said` is what it printed. */
function run(program: URL, ...args: string[]): { child: ChildProcess; said: () => string } {
  const child = spawn(process.execPath, [fileURLToPath(program), one.directory, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  let text = '';
  child.stdout.on('data', (data) => {
    text += data;
  });
  return { child, said: () => text };
}

async function everyPolicy(): Promise<readonly Policy[]> {
  return (await one.store.policies({ limit: 1_000_000 })).policies;
}

describe('files and calls that buy the same keys at once', () => {
  test('are killed (-9) at any moment: each key has one policy at most, and what was told is kept', async () => {
    const programs = [run(FILES), run(CALLS, '1'), run(CALLS, '1'), run(CALLS, '1000001')];
    await Promise.all(programs.map(({ child }) => child.stdout && once(child.stdout, 'data')));
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (const { child } of programs) {
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(brokenInvariants(one.directory)).toEqual([]);
    }
    const policies = await everyPolicy();
    const keys = new Set(policies.map((policy) => policy.idempotency_key));
    expect(keys.size).toBe(policies.length);
    const told = programs.slice(1).flatMap(({ said }) => said().split('\n').slice(0, -1).filter(Boolean));
    expect(told.length).toBeGreaterThan(0);
    for (const number of told) expect(keys).toContain(`key-${number}`);
    expect(policies.some(({ import_id }) => import_id === undefined)).toBe(true);
  });

  test('find each other also where other keys have taken the slot', async () => {
    await one.store.close();
    const db = openDatabase(one.directory, 'writer');
    const store = storeMethods(db, () => 42);
    const owner = { account: one.account.id, mode: 'test' } as const;
    const buy = (key: string) => {
      const offered = store.offerPolicy(offerOf(owner, key));
      if (!offered.ok || offered.value.kind !== 'offer') return offered;
      const { id } = offered.value.offer;
      return store.payOffer({ owner, id, actor: { kind: 'api_key', name: 'k' }, now: NOW });
    };
    expect(['a', 'b', 'a'].map((key) => buy(key))).toMatchObject([
      { value: { outcome: 'created' } },
      { value: { outcome: 'created' } },
      { value: { kind: 'policy', policy: { idempotency_key: 'a' } } },
    ]);
    queueFile(store, one.account);
    const claim = store.claimImport(HOUR, NOW);
    if (!claim) throw new Error('nothing to claim');
    one.store = { commitChunk: async (chunk: never) => store.commitChunk(chunk) } as never;
    expect(
      await one.commit(claim, [purchase(1, 'b'), purchase(2, 'c'), purchase(3, 'a', 'x')]),
    ).toMatchObject({
      value: { created: 1, duplicates: 1, rejected: 1 },
    });
    expect(buy('c')).toMatchObject({ value: { kind: 'policy', policy: { row: 2 } } });
    db.close();
    one.store = await openStore(one.directory);
    expect(brokenInvariants(one.directory)).toEqual([]);
  });
});

test('of the changes that several processes make of one revision, one is made', async () => {
  await one.commit(await one.claim(), [purchase(1, 'a')]);
  const [policy] = await everyPolicy();
  if (!policy) throw new Error('no policy');
  const others = [openDatabase(one.directory, 'writer'), openDatabase(one.directory, 'writer')];
  const change = { action: 'cancelled', reason: 'a test' } as const;
  const actor = { kind: 'operator', name: 'jane' } as const;
  const wanted = { id: policy.id, expected: { revision: 1 }, change, actor, now: NOW };
  const results = others.map((db) => storeMethods(db).changePolicy(wanted));
  results.push(await one.store.changePolicy(wanted));
  expect(results.map((result) => (result.ok ? 'made' : result.code))).toEqual(['made', 'stale', 'stale']);
  for (const db of others) db.close();
  expect(brokenInvariants(one.directory)).toEqual([]);
});
