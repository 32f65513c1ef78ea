import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { POLICY_DATA } from '../../product/shipped.ts';
import { HttpSite } from '../a-site.ts';
import { type Answer, bought, call, seen } from './a-purchase.ts';

let site: HttpSite;
let policy: Answer;
let path: string;
beforeAll(async () => {
  site = await HttpSite.start();
});
beforeEach(async () => {
  policy = await bought(site);
  path = `/policies/${policy.body['id']}`;
  site.now += 60_000;
});
afterAll(() => site.remove());

const patch = (body: unknown, headers: Record<string, string> = seen(policy)) =>
  call(site, 'PATCH', path, body, headers);
const cancel = (more: object = {}, headers = seen(policy)) =>
  call(
    site,
    'PUT',
    path,
    { status: 'cancelled', cancellation_reason: 'the event was cancelled', ...more },
    headers,
  );

describe('GET /policies/ID', () => {
  test('shows the policy and its state', async () => {
    const { status, headers, body } = policy;
    expect(status).toBe(200);
    expect(headers.get('etag')).toBe('"1"');
    expect(Date.parse(headers.get('last-modified') ?? '')).toBe(
      Math.floor((site.now - 60_000) / 1000) * 1000,
    );
    expect(body).toMatchObject({
      livemode: false,
      status: 'active',
      integration_id: 'in_41c2f22d51612f04ee2c48eca3dc0',
      first_name: 'Nick',
      data: POLICY_DATA,
      gross_payment_amount: 1234,
      extra_data: { gross_premium: 1234, premium_tax: 197, net_premium: 1037, tax_rate: 0.19 },
      start_date: '2022-11-11',
      end_date: '2022-12-02',
    });
  });

  test('is 304 for who has this state already', async () => {
    const again = await call(site, 'GET', path, undefined, { 'if-none-match': 'W/"1"' });
    expect([again.status, again.headers.get('etag')]).toEqual([304, '"1"']);
    expect((await call(site, 'GET', path, undefined, { 'if-none-match': '"2"' })).status).toBe(200);
  });

  test('is 404 for other accounts, the other mode, and what is no id', async () => {
    const live = await site.addKey(site.account, 'live');
    const name = `other-${policy.body['id']}`;
    const other = await site.addKey(await site.addAccount(name), 'test');
    for (const key of [live, other]) {
      for (const [method, to, body] of [
        ['GET', path],
        ['PATCH', path, {}],
        ['PUT', path, {}],
        ['POST', `${path}/reactivate`],
      ] as const) {
        const answer = await call(site, method, to, body, {
          ...seen(policy),
          authorization: `Bearer ${key}`,
        });
        expect([method, answer.status]).toEqual([method, 404]);
      }
    }
    for (const id of ['tpol_', '%00', 'x'.repeat(90), `lpol_${String(policy.body['id']).slice(5)}`])
      expect((await call(site, 'GET', `/policies/${id}`)).status).toBe(404);
  });
});

describe('PATCH /policies/ID', () => {
  test('changes what it names, and keeps the rest', async () => {
    const { status, headers, body } = await patch({
      last_name: 'Miller',
      data: { order_value: null, venue_name: 'Hall' },
    });
    expect([status, headers.get('etag')]).toEqual([200, '"2"']);
    const { order_value: _, ...data } = POLICY_DATA;
    expect(body).toMatchObject({ first_name: 'Nick', last_name: 'Miller' });
    expect(body['data']).toEqual({ ...data, venue_name: 'Hall' });
    expect(body).toEqual((await call(site, 'GET', path)).body);
    const history = await site.store.policyHistory(policy.body['id'] as never);
    expect(history?.[1]).toMatchObject({
      action: 'updated',
      actor: { kind: 'api_key', name: site.key.slice(0, 24) },
    });
  });

  test('needs both headers, of the present state', async () => {
    const { 'if-match': tag = '', 'if-unmodified-since': date = '' } = seen(policy);
    const status = async (headers: Record<string, string>) =>
      (await patch({ last_name: 'Miller' }, headers)).status;
    expect(await status({})).toBe(428);
    expect(await status({ 'if-match': tag })).toBe(428);
    expect(await status({ 'if-unmodified-since': date })).toBe(428);
    expect(await status({ 'if-match': tag, 'if-unmodified-since': 'yesterday' })).toBe(428);
    expect(await status({ 'if-match': '"2"', 'if-unmodified-since': date })).toBe(412);
    expect(await status({ 'if-match': `W/${tag}`, 'if-unmodified-since': date })).toBe(412);
    const before = new Date(Date.parse(date) - 1000).toUTCString();
    expect(await status({ 'if-match': tag, 'if-unmodified-since': before })).toBe(412);
    expect(await status({ 'if-match': `"7", ${tag}`, 'if-unmodified-since': date })).toBe(200);
    expect(await status({ 'if-match': tag, 'if-unmodified-since': date }), 'it has changed').toBe(412);
  });

  test('of two at once, one is made and the other is told so', async () => {
    const answers = await Promise.all([patch({ first_name: 'A' }), patch({ first_name: 'B' })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  test('refuses what would not have been sold, all of it at once', async () => {
    const { status, body } = await patch({
      first_name: null,
      email: 5,
      data: { booking_date: '2022-02-30', x: 1 },
    });
    expect(status).toBe(400);
    const fields = (body['errors'] as { field: string }[]).map(({ field }) => field);
    expect(fields.sort()).toEqual(['data.booking_date', 'data.x', 'email', 'first_name']);
  });
});

describe('PUT /policies/ID', () => {
  test('cancels, and reactivate makes it active again', async () => {
    const cancelled = await cancel({ termination_date: '2022-11-20' });
    expect(cancelled.status).toBe(200);
    expect(cancelled.body).toMatchObject({
      status: 'cancelled',
      cancellation_reason: 'the event was cancelled',
      termination_date: '2022-11-20',
    });
    expect((await cancel({}, seen(cancelled))).status).toBe(409);
    expect((await patch({ first_name: 'Zoë' }, seen(cancelled))).status).toBe(409);
    const active = await call(site, 'POST', `${path}/reactivate`, undefined, {});
    expect([active.status, active.body['status'], active.headers.get('etag')]).toEqual([
      200,
      'active',
      '"3"',
    ]);
    expect((await call(site, 'POST', `${path}/reactivate`, undefined, {})).status).toBe(409);
  });

  test('needs both headers, and so far as they are sent reactivate heeds them', async () => {
    expect((await cancel({}, {})).status).toBe(428);
    await cancel();
    expect((await call(site, 'POST', `${path}/reactivate`, undefined, seen(policy))).status).toBe(412);
  });

  test.each([
    [{ status: 'active' }, ['status']],
    [{ cancellation_reason: '' }, ['cancellation_reason']],
    [{ termination_date: '2022-11-31' }, ['termination_date']],
    [{ termination_date: '2030-01-01' }, ['termination_date']],
    [{ reason: 'x', status: 5 }, ['reason', 'status']],
  ])('refuses %j', async (more, fields) => {
    const { status, body } = await cancel(more);
    expect(status).toBe(400);
    const named = new Set((body['errors'] as { field: string }[]).map(({ field }) => field));
    expect([...named].sort()).toEqual(fields);
  });
});
