import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Policy } from '../../src/domain/policy.ts';
import { order } from '../../src/purchase/order.ts';
import { Site } from '../import/a-site.ts';
import { ticket, tickets } from '../import/tickets.ts';
import { banded, POLICY, QUOTE } from '../product/shipped.ts';

let site: Site;
beforeEach(async () => {
  site = await Site.open();
});
afterEach(() => site.close());

/** What the row of `tickets` buys, offered over REST. */
function offer(key: string) {
  const bought = order({ integration: banded, quoteData: QUOTE, policy: POLICY });
  if (!bought.ok) throw new Error(JSON.stringify(bought.errors));
  const owner = { account: site.account.id, mode: 'test' as const };
  const { now } = site;
  return site.store.offerPolicy({ owner, key, ...bought.value, expires_at: now + 1000, most: 10, now });
}

async function pay(key: string): Promise<Policy> {
  const offered = await offer(key);
  if (!offered.ok || offered.value.kind !== 'offer') throw new Error(JSON.stringify(offered));
  const owner = { account: site.account.id, mode: 'test' as const };
  const { id } = offered.value.offer;
  const paid = await site.store.payOffer({
    owner,
    id,
    actor: { kind: 'api_key', name: 'key' },
    now: site.now,
  });
  if (!paid.ok) throw new Error(paid.message);
  return paid.value.policy;
}

test('one row over SFTP and the same purchase over REST give the same policy, except ids and times', async () => {
  const one = await site.import('tickets.csv', tickets(ticket('by-file')));
  const [byFile] = await site.policies(one.id);
  const byCall = await pay('by-call');
  const own = { id: '', policy_number: '', idempotency_key: '', import_id: undefined, row: undefined };
  const times = { created_at: 0, updated_at: 0 };
  expect(byFile).toMatchObject({ idempotency_key: 'by-file', row: 1 });
  expect({ ...byCall, ...own, ...times }).toEqual({ ...byFile, ...own, ...times });
});

test('a key of a file is known over REST, and one of REST in a file', async () => {
  const one = await site.import('tickets.csv', tickets(ticket('by-file')));
  const [policy] = await site.policies(one.id);
  expect(await offer('by-file')).toEqual({ ok: true, value: { kind: 'policy', policy } });
  const { id } = await pay('by-call');
  const again = await site.import('again.csv', tickets(ticket('by-call'), ticket('new')));
  expect(again).toMatchObject({ created: 1, duplicates: 1, rejected: 0 });
  expect((await site.outcomes(again.id))[0]).toMatchObject({ outcome: 'duplicate', policy_id: id });
});
