import { expect, test } from 'vitest';
import type { PolicyId } from '../../../src/domain/ids.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import type { PolicyChange } from '../../../src/domain/policy-change.ts';
import { type AStore, NOW, offerOf, PATHS, purchase } from '../a-store.ts';

const OPERATOR = { kind: 'operator', name: 'jane' } as const;
const API_KEY = { kind: 'api_key', name: 'sk_test_…1234' } as const;
const CANCEL = { action: 'cancelled', reason: 'the event was called off' } as const;
const REACTIVATE = { action: 'reactivated' } as const;

/** An update of the only policy: another last name, and whatever else. */
function update(last_name: string, days = { start_day: 20_000, end_day: 20_010 }): PolicyChange {
  const values = JSON.stringify(['a@example.com', 'Nick', 'en', last_name, 5000]);
  return { action: 'updated', paths: PATHS, values, ...days };
}

export function lifeContract(one: () => AStore): void {
  async function bought(key = 'a'): Promise<Policy> {
    await one().commit(await one().claim(`${key}.csv`), [purchase(1, key)]);
    const [policy] = (await one().store.policies({ limit: 1 })).policies;
    if (!policy) throw new Error('no policy');
    return policy;
  }

  const change = (
    { id, revision }: { id: PolicyId; revision: number },
    wanted: PolicyChange,
    expected = {},
  ) =>
    one().store.changePolicy({
      id,
      expected: { revision, ...expected },
      change: wanted,
      actor: OPERATOR,
      now: NOW + 1000 * revision,
    });

  async function changed(policy: Policy, wanted: PolicyChange): Promise<Policy> {
    const result = await change(policy, wanted);
    if (!result.ok) throw new Error(result.message);
    expect(await one().store.policy(policy.id)).toEqual(result.value);
    return result.value;
  }

  test('goes from active to cancelled and back, and keeps who changed what and when', async () => {
    const first = await bought();
    const second = await changed(first, update('Smith', { start_day: 20_000, end_day: 20_011 }));
    expect(second).toMatchObject({
      revision: 2,
      created_at: NOW,
      updated_at: NOW + 1000,
      policyholder: { last_name: 'Smith' },
      end_date: '2024-10-15',
    });
    const third = await changed(second, { ...CANCEL, termination_date: '2024-10-09' });
    const cancellation = { reason: CANCEL.reason, termination_date: '2024-10-09', at: NOW + 2000 };
    expect(third).toMatchObject({ status: 'cancelled', cancellation, revision: 3 });
    const fourth = await changed(third, REACTIVATE);
    expect(fourth).toEqual({ ...second, revision: 4, updated_at: NOW + 3000 });
    expect(await one().store.policyHistory(first.id)).toEqual([
      {
        revision: 1,
        action: 'created',
        actor: { kind: 'import', import_id: first.import_id, row: 1 },
        changes: [],
        at: NOW,
      },
      {
        revision: 2,
        action: 'updated',
        actor: OPERATOR,
        changes: [
          { field: 'policy.last_name', from: 'Malone', to: 'Smith' },
          { field: 'end_date', from: '2024-10-14', to: '2024-10-15' },
        ],
        at: NOW + 1000,
      },
      {
        revision: 3,
        action: 'cancelled',
        actor: OPERATOR,
        changes: [
          { field: 'status', from: 'active', to: 'cancelled' },
          { field: 'cancellation_reason', from: null, to: CANCEL.reason },
          { field: 'termination_date', from: null, to: '2024-10-09' },
        ],
        at: NOW + 2000,
      },
      {
        revision: 4,
        action: 'reactivated',
        actor: OPERATOR,
        changes: [
          { field: 'status', from: 'cancelled', to: 'active' },
          { field: 'cancellation_reason', from: CANCEL.reason, to: null },
          { field: 'termination_date', from: '2024-10-09', to: null },
        ],
        at: NOW + 3000,
      },
    ]);
  });

  test('that began over REST begins with the API key that paid', async () => {
    const owner = { account: one().account.id, mode: 'test' as const };
    const offered = await one().store.offerPolicy(offerOf(owner, 'a', 'a'));
    if (!offered.ok || offered.value.kind !== 'offer') throw new Error('no offer');
    const { id } = offered.value.offer;
    await one().store.payOffer({ owner, id, actor: API_KEY, now: NOW + 5 });
    await change({ id, revision: 1 }, CANCEL);
    expect(await one().store.policyHistory(id)).toMatchObject([
      { revision: 1, action: 'created', actor: API_KEY, at: NOW + 5 },
      { revision: 2, action: 'cancelled', actor: OPERATOR },
    ]);
  });

  test('refuses what makes no sense, by code', async () => {
    const policy = await bought();
    expect(await change(policy, REACTIVATE)).toMatchObject({ code: 'not_cancelled' });
    for (const termination_date of ['2024-10-03', '2024-10-15', '2024-10-32', 'soon', '']) {
      expect(await change(policy, { ...CANCEL, termination_date })).toMatchObject({
        code: 'invalid_termination_date',
      });
    }
    const cancelled = await changed(policy, CANCEL);
    expect(await change(cancelled, CANCEL)).toMatchObject({ code: 'policy_cancelled' });
    expect(await change(cancelled, update('Smith'))).toMatchObject({ code: 'policy_cancelled' });
    const nobody = { id: policy.id.replace(/.$/, 'x') as PolicyId, revision: 1 };
    expect(await change(nobody, CANCEL)).toMatchObject({ code: 'absent' });
    expect(await one().store.policyHistory(nobody.id)).toBeUndefined();
    expect(await one().store.policyHistory(policy.id)).toHaveLength(2);
  });

  test('refuses a change that was decided on an older state, or on none', async () => {
    const policy = await bought();
    const at = { unmodified_since: policy.updated_at };
    expect(await change(policy, update('Smith'), { unmodified_since: NOW - 1000 })).toMatchObject({
      code: 'stale',
    });
    const second = await change(policy, update('Smith'), at);
    expect(second).toMatchObject({ ok: true });
    expect(await change(policy, update('Jones'))).toMatchObject({
      code: 'stale',
      message: expect.stringContaining('is in revision 2'),
    });
    expect(await change({ ...policy, revision: 2 }, update('Jones'), at)).toMatchObject({ code: 'stale' });
    expect(await change({ ...policy, revision: 3 }, update('Jones'))).toMatchObject({ code: 'stale' });
  });

  test('of two changes of one revision, exactly one is made', async () => {
    const policy = await bought();
    const results = await Promise.all([change(policy, update('Smith')), change(policy, CANCEL)]);
    expect(results.map((result) => (result.ok ? 'made' : result.code))).toEqual(['made', 'stale']);
  });

  test('makes no revision and no event of a change that changes nothing', async () => {
    const policy = await bought();
    await one().subscribe();
    expect(await change(policy, update('Malone'))).toEqual({ ok: true, value: policy });
    expect(await one().deliveries()).toEqual([]);
  });

  test('is told as it was after each change, whenever that is delivered', async () => {
    await one().subscribe();
    const policy = await bought();
    const smith = await changed(policy, update('Smith'));
    const cancelled = await changed(smith, CANCEL);
    await changed(cancelled, REACTIVATE);
    const told = (await one().deliveries()).map(
      ({ events: [event] }) => event && 'policy' in event && [event.type, event.policy],
    );
    expect(told.slice(0, 3)).toEqual([
      ['policy.created', policy],
      ['policy.updated', smith],
      ['policy.updated', cancelled],
    ]);
    expect(told).toHaveLength(4);
  });

  test('leaves the key with what was bought first', async () => {
    const policy = await bought();
    await changed(policy, update('Smith'));
    const claim = await one().claim('again.csv');
    expect(await one().commit(claim, [purchase(1, 'a'), purchase(2, 'a', 'b')])).toMatchObject({
      value: { duplicates: 1, rejected: 1 },
    });
  });

  test('is found by status, mode and the time of its purchase, some at a time', async () => {
    const claim = await one().claim();
    const rows = Array.from({ length: 7 }, (_, i) => purchase(i + 1, `key-${i + 1}`));
    await one().commit(claim, rows, 0, NOW);
    const late = await one().claim('late.csv', NOW + 5000);
    await one().commit(late, [purchase(1, 'late')], 0, NOW + 5000);
    const list = async (filter: object, limit = 3) => {
      const keys: string[][] = [];
      for (let before: PolicyId | undefined; ; ) {
        const page = await one().store.policies({ ...filter, limit, ...(before && { before }) });
        keys.push(page.policies.map(({ idempotency_key: key }) => key));
        if (!page.next) return keys;
        before = page.next;
      }
    };
    expect(await list({})).toEqual([
      ['late', 'key-7', 'key-6'],
      ['key-5', 'key-4', 'key-3'],
      ['key-2', 'key-1'],
    ]);
    const [, seventh, sixth] = (await one().store.policies({ limit: 3 })).policies;
    if (!seventh || !sixth) throw new Error('no policy');
    const back = await changed(await changed(seventh, CANCEL), REACTIVATE);
    await changed(back, CANCEL);
    await changed(await changed(sixth, CANCEL), REACTIVATE);
    expect(await list({ status: 'cancelled' })).toEqual([['key-7']]);
    expect((await list({ status: 'active' })).flat()).toHaveLength(7);
    expect(await list({ status: 'cancelled', import: claim.import.id })).toEqual([['key-7']]);
    expect(await list({ status: 'cancelled', import: late.import.id })).toEqual([[]]);
    const other = await one().anotherAccount('other');
    expect(await list({ status: 'cancelled', account: other.id })).toEqual([[]]);
    expect(await list({ mode: 'live' })).toEqual([[]]);
    expect(await list({ created_from: NOW + 1 })).toEqual([['late']]);
    expect((await list({ created_before: NOW + 1, import: claim.import.id })).flat()).toHaveLength(7);
    const paths = { paths: PATHS, looked: 1, next: undefined };
    expect(await one().store.policyPaths({ import: late.import.id })).toEqual(paths);
    expect(await one().store.policyPaths({ mode: 'live' })).toEqual({ ...paths, paths: [], looked: 8 });
  });

  test('of many that do not fit, a page is empty and says where it goes on', async () => {
    const claim = await one().claim();
    const rows = Array.from({ length: 5_002 }, (_, i) => purchase(i + 1, `key-${i + 1}`));
    await one().commit(claim, rows);
    const filter = { mode: 'live' as const };
    const first = await one().store.policies({ ...filter, limit: 10 });
    if (!first.next) throw new Error('all were looked at');
    expect(first.policies).toEqual([]);
    const rest = await one().store.policies({ ...filter, before: first.next, limit: 10 });
    expect(rest).toEqual({ policies: [], next: undefined });
    const paths = await one().store.policyPaths({});
    if (!paths.next) throw new Error('all were looked at');
    expect(await one().store.policyPaths({ before: paths.next })).toMatchObject({
      looked: 2,
      next: undefined,
    });
  });
}
