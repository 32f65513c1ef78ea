import { expect, test } from 'vitest';
import type { PolicyId } from '../../../src/domain/ids.ts';
import type { Offer } from '../../../src/domain/offer.ts';
import { type AStore, HOUR, NOW, offerOf, purchase, typesOf } from '../a-store.ts';

const KEY_OF_PARTNER = { kind: 'api_key', name: 'sk_test_…1234' } as const;

export function offerContract(one: () => AStore): void {
  const owner = () => ({ account: one().account.id, mode: 'test' as const });

  async function offered(key: string, content = 'a', now = NOW): Promise<Offer> {
    const made = await one().store.offerPolicy(offerOf(owner(), key, content, now));
    if (!made.ok || made.value.kind !== 'offer') throw new Error(`no offer: ${JSON.stringify(made)}`);
    return made.value.offer;
  }

  const pay = (id: PolicyId, now = NOW + 1000) =>
    one().store.payOffer({ owner: owner(), id, actor: KEY_OF_PARTNER, now });
  const all = async () => (await one().store.policies({ limit: 100 })).policies;
  const events = async () => (await one().deliveries()).flatMap(typesOf);

  test('is no policy, and no event, until it is paid; then it has the id and number that it was shown with', async () => {
    await one().subscribe();
    const offer = await offered('a');
    expect(offer.id).toMatch(/^tpol_[0-9a-f]{28}$/);
    expect(offer.policy_number).toMatch(/^TEST-TR-\d{9}$/);
    expect(await one().store.policy(offer.id)).toBeUndefined();
    expect(await one().store.offer(owner(), offer.id, NOW)).toEqual(offer);
    expect(await one().store.offer({ ...owner(), mode: 'live' }, offer.id, NOW)).toBeUndefined();
    expect(await one().store.offer(owner(), offer.id, offer.expires_at)).toBeUndefined();
    expect(await all()).toEqual([]);
    expect(await events()).toEqual([]);
    expect(await pay(offer.id)).toMatchObject({
      value: {
        outcome: 'created',
        policy: { id: offer.id, policy_number: offer.policy_number, idempotency_key: 'a', revision: 1 },
      },
    });
    const [policy] = await all();
    expect(policy).toEqual(await one().store.policy(offer.id));
    expect(policy).toMatchObject({ created_at: NOW + 1000, import_id: undefined, status: 'active' });
    expect(await events()).toEqual(['policy.created']);
  });

  test('that is paid again, or twice at once, is one policy with one event', async () => {
    await one().subscribe();
    const { id } = await offered('a');
    const paid = await Promise.all([pay(id), pay(id), pay(id)]);
    expect(paid.map((one) => one.ok && one.value.outcome)).toEqual(['created', 'duplicate', 'duplicate']);
    expect(await pay(id, NOW + 99 * HOUR), 'also when it would have expired').toMatchObject({ ok: true });
    expect(await all()).toHaveLength(1);
    expect(await events()).toEqual(['policy.created']);
  });

  test('is refused when too many are open, until one is paid or removed; what is there is given again', async () => {
    const offer = (key: string, more = {}) =>
      one().store.offerPolicy({ ...offerOf(owner(), key), most: 2, ...more });
    const first = await offered('a');
    await offered('b');
    const refused = { ok: false, code: 'too_many_offers' };
    expect(await offer('c')).toMatchObject(refused);
    expect(await offer('a')).toMatchObject({ value: { offer: first, repeated: true } });
    const live = { account: one().account.id, mode: 'live' as const };
    expect(await offer('c', { owner: live })).toMatchObject({ ok: true });
    await pay(first.id);
    expect(await offer('c')).toMatchObject({ ok: true });
    expect(await offer('d')).toMatchObject(refused);
    expect(await one().store.removeExpiredOffers(NOW + HOUR)).toBe(3);
    expect([await offer('d'), await offer('e'), await offer('f')]).toMatchObject([
      { ok: true },
      { ok: true },
      refused,
    ]);
  });

  test('of a key that has one already is that one, or a conflict when its content is another', async () => {
    const first = await offered('a');
    expect(await one().store.offerPolicy(offerOf(owner(), 'a', 'a', NOW + 5))).toEqual({
      ok: true,
      value: { kind: 'offer', offer: first, repeated: true },
    });
    expect(await one().store.offerPolicy(offerOf(owner(), 'a', 'b'))).toMatchObject({
      code: 'idempotency_conflict',
      message: expect.stringContaining('over the REST API'),
    });
    await pay(first.id);
    expect(await one().store.offerPolicy(offerOf(owner(), 'a', 'a'))).toMatchObject({
      value: { kind: 'policy', policy: { id: first.id } },
    });
    expect(await one().store.offerPolicy(offerOf(owner(), 'a', 'b'))).toMatchObject({
      code: 'idempotency_conflict',
    });
  });

  test('of a key that a file has bought is that policy, or a conflict that names file and row', async () => {
    await one().commit(await one().claim('first.csv'), [purchase(7, 'a')]);
    const [policy] = await all();
    expect(await one().store.offerPolicy(offerOf(owner(), 'a', 'a'))).toEqual({
      ok: true,
      value: { kind: 'policy', policy },
    });
    expect(await one().store.offerPolicy(offerOf(owner(), 'a', 'b'))).toMatchObject({
      code: 'idempotency_conflict',
      message: expect.stringContaining('first.csv, row 7 (line 8)'),
    });
  });

  test('that was paid makes the same row of a file a duplicate, and another content a conflict', async () => {
    const { id } = await offered('a');
    await pay(id);
    const claim = await one().claim();
    expect(await one().commit(claim, [purchase(1, 'a'), purchase(2, 'a', 'b')])).toMatchObject({
      value: { created: 0, duplicates: 1, rejected: 1 },
    });
    expect(await one().store.outcomes(claim.import.id, 0)).toMatchObject([
      { outcome: 'duplicate', policy_id: id },
      { errors: [{ message: expect.stringContaining('over the REST API') }] },
    ]);
  });

  test('whose key a file has bought meanwhile is paid with that policy, or a conflict', async () => {
    const [same, other] = [await offered('a'), await offered('b')];
    await one().commit(await one().claim(), [purchase(1, 'a'), purchase(2, 'b', 'x')]);
    const [, policy] = await all();
    expect(await pay(same.id)).toEqual({ ok: true, value: { outcome: 'duplicate', policy } });
    expect(await pay(other.id)).toMatchObject({ code: 'idempotency_conflict' });
    expect(await all()).toHaveLength(2);
  });

  test('cannot be paid when it has expired; its key is free again, and its id is never used', async () => {
    const late = await offered('a');
    expect(await pay(late.id, late.expires_at)).toMatchObject({ code: 'offer_expired' });
    const again = await offered('a', 'b', late.expires_at);
    expect(again.policy_number).not.toBe(late.policy_number);
    const last = await offered('c', 'c', late.expires_at);
    expect(await one().store.removeExpiredOffers(last.expires_at)).toBe(2);
    expect(await pay(last.id)).toMatchObject({ code: 'absent' });
    await one().reopen();
    await one().commit(await one().claim(), [purchase(1, 'a')]);
    expect((await all())[0]?.policy_number).toBe('TEST-TR-000000004');
  });

  test('leaves the ids of a chunk contiguous', async () => {
    const claim = await one().claim();
    await one().commit(claim, [purchase(1, 'a')]);
    const { id } = await offered('b');
    await one().commit(claim, [purchase(2, 'c'), purchase(3, 'd')], 1);
    await pay(id);
    await one().commit(claim, [purchase(4, 'e')], 3);
    const rows = await Promise.all([0, 1, 2].map((chunk) => one().store.outcomes(claim.import.id, chunk)));
    expect(rows.map((chunk) => chunk?.map(({ row }) => row))).toEqual([[1], [2, 3], [4]]);
    expect((await all()).map(({ idempotency_key: key }) => key)).toEqual(['e', 'd', 'c', 'b', 'a']);
  });

  test('of another account, or of the other mode, is absent', async () => {
    const { id } = await offered('a');
    const other = await one().anotherAccount('other');
    for (const stranger of [
      { account: other.id, mode: 'test' as const },
      { account: one().account.id, mode: 'live' as const },
    ]) {
      const payment = { owner: stranger, actor: KEY_OF_PARTNER, now: NOW };
      expect(await one().store.payOffer({ ...payment, id })).toMatchObject({ code: 'absent' });
      const made = await one().store.offerPolicy(offerOf(stranger, 'a', 'z'));
      expect(made, 'its keys are its own').toMatchObject({ value: { kind: 'offer', repeated: false } });
    }
    await pay(id);
    const payment = { owner: { account: other.id, mode: 'test' as const }, actor: KEY_OF_PARTNER, now: NOW };
    expect(await one().store.payOffer({ ...payment, id })).toMatchObject({ code: 'absent' });
    expect(await pay('tpol_nonsense' as PolicyId)).toMatchObject({ code: 'absent' });
  });
}
