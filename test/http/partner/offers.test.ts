import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { POLICY } from '../../product/shipped.ts';
import { HOUR, HttpSite } from '../a-site.ts';
import { bought, call, offered, pay, QUOTE_REQUEST, quoted } from './a-purchase.ts';

const OPEN_OFFERS = 30;
let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.start({ openOffers: OPEN_OFFERS });
});
afterAll(() => site.remove());

const post = (body: unknown, headers = {}) => call(site, 'POST', '/policies', body, headers);
const key = (text: string) => ({ 'idempotency-key': text });

describe('POST /policies', () => {
  test('answers with the offer, which is nothing yet', async () => {
    const { status, headers, body } = await post({ quote_token: await quoted(site), ...POLICY });
    expect(status).toBe(201);
    const href = `${site.server.publicUrl}/policies/${body['id']}`;
    expect(headers.get('location')).toBe(href);
    expect(body).toEqual({
      id: expect.stringMatching(/^tpol_[0-9a-f]{28}$/),
      livemode: false,
      insurer_policy_id: expect.stringMatching(/^TEST-TR-\d{9}$/),
      status: 'offered',
      payment_token: expect.stringMatching(/^pt_[\w-]{43}$/),
      expires_at: new Date(site.now + 7 * 24 * HOUR).toISOString(),
      _links: { _self: { href } },
    });
    expect((await site.store.policies({ limit: 10 })).policies).toEqual([]);
  });

  test('is shown as it was answered, to its account in its mode, until it is paid or too old', async () => {
    const offer = await offered(site);
    const path = `/policies/${offer.id}`;
    expect(await call(site, 'GET', path)).toMatchObject({ status: 200, body: offer });
    const live = await site.addKey(site.account, 'live');
    const another = await site.addKey(await site.addAccount('another'), 'test');
    for (const key of [live, another])
      expect((await call(site, 'GET', path, undefined, { authorization: `Bearer ${key}` })).status).toBe(404);
    site.now += 7 * 24 * HOUR;
    expect((await call(site, 'GET', path)).status).toBe(404);
  });

  test('is refused when too many wait for their payment', async () => {
    const key = await site.addKey(await site.addAccount('shop'), 'test');
    const authorization = { authorization: `Bearer ${key}` };
    const { body } = await call(site, 'POST', '/quotes', QUOTE_REQUEST, authorization);
    const offer = () => post({ quote_token: body['token'], ...POLICY }, authorization);
    for (let i = 0; i < OPEN_OFFERS; i++) expect((await offer()).status).toBe(201);
    const message = `${OPEN_OFFERS} offers of this account wait for their payment in test mode: there are no more until some are paid, or expire.`;
    expect(await offer()).toMatchObject({ status: 429, body: { status: 429, message } });
  });

  test('says all that is wrong at once, with the names of the body', async () => {
    const { first_name: _, ...policy } = POLICY;
    const data = {
      ...(POLICY['data'] as object),
      booking_date: '2022-02-30',
      ordr_value: 1,
      event_name: undefined,
    };
    const body = { quote_token: await quoted(site), ...policy, email: 'nick', metadta: { a: 'b' }, data };
    const errors = (await post(body)).body['errors'] as { field: string; message: string }[];
    expect(errors.map(({ field }) => field).sort()).toEqual(
      ['data.booking_date', 'data.event_name', 'data.ordr_value', 'email', 'first_name', 'metadta'].sort(),
    );
    const message = (field: string) => errors.find((error) => error.field === field)?.message;
    expect(message('data.ordr_value')).toContain('did you mean `data.order_value`?');
    expect(message('metadta')).toContain('did you mean `metadata`?');
    expect(message('first_name')).toBe('first_name is missing');
  });

  test('refuses a token that was changed, is another’s, of the other mode or too old', async () => {
    const token = await quoted(site);
    const refusal = async (quote_token: unknown, headers = {}) => {
      const { status, body } = await post({ quote_token, ...POLICY }, headers);
      return [status, (body['errors'] as { code: string }[])[0]?.code];
    };
    const live = `Bearer ${await site.addKey(site.account, 'live')}`;
    const other = `Bearer ${await site.addKey(await site.addAccount('other'), 'test')}`;
    const payload = Buffer.from(token.slice(3).split('.')[0] ?? '', 'base64url').toString();
    const cheaper = Buffer.from(payload.replace('"price":3000', '"price":1000')).toString('base64url');
    expect(payload).toContain('"price":3000');
    for (const changed of [
      `${token}x`,
      token.slice(0, -1),
      `qt_${cheaper}.${token.split('.')[1]}`,
      'qt_',
      '',
    ])
      expect(await refusal(changed)).toEqual([400, 'invalid_quote_token']);
    expect(await refusal(token, { authorization: live })).toEqual([400, 'invalid_quote_token']);
    expect(await refusal(token, { authorization: other })).toEqual([400, 'invalid_quote_token']);
    expect(await refusal(5)).toEqual([400, 'invalid_type']);
    site.now += 24 * HOUR;
    expect(await refusal(token)).toEqual([400, 'quote_expired']);
  });

  test('with a key that was used for the same gives the same, with another content it is a conflict', async () => {
    const body = { quote_token: await quoted(site), ...POLICY };
    const [first, again] = [await post(body, key('k-1')), await post(body, key('"k-1"'))];
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    const conflict = await post({ ...body, first_name: 'Zoë' }, key('k-1'));
    expect(conflict.status).toBe(409);
    expect(conflict.body['errors']).toMatchObject([
      { code: 'idempotency_conflict', field: 'Idempotency-Key' },
    ]);
  });

  test('after the payment, the key still gives the policy', async () => {
    const { body: policy } = await bought(site, key('k-2'));
    const again = await post({ quote_token: await quoted(site), ...POLICY }, key('k-2'));
    expect([again.status, again.body['id'], again.body['status']]).toEqual([200, policy['id'], 'active']);
  });

  test('without a key, each call is a purchase of its own', async () => {
    expect((await offered(site)).id).not.toBe((await offered(site)).id);
  });

  test.each([
    ['x'.repeat(256), 'it has 256 characters'],
    ['a\tb', 'control character'],
    ['Zo\u00eb', 'not text in UTF-8'], // one byte on the wire
    ['""', 'it is empty'],
  ])('refuses the key %s', async (text, reason) => {
    const { status, body } = await post({}, key(text));
    expect([status, body['message']]).toEqual([400, expect.stringContaining(reason)]);
  });

  test('keeps metadata, which is part of the content', async () => {
    const { body } = await bought(site, {}, { metadata: { shop: { id: '7' }, note: '' } });
    expect(body['metadata']).toEqual({ shop: { id: '7' } });
  });
});

describe('POST /payments', () => {
  test('makes the policy, in force when the answer comes', async () => {
    const offer = await offered(site);
    const { status, body } = await pay(site, offer);
    expect([status, body]).toEqual([
      200,
      {
        livemode: false,
        status: 'paid',
        policy_id: offer.id,
        insurer_policy_id: offer.insurer_policy_id,
        _links: { policy: { href: `${site.server.publicUrl}/policies/${offer.id}` } },
      },
    ]);
    const history = await site.store.policyHistory(offer.id as never);
    expect(history).toMatchObject([
      { action: 'created', actor: { kind: 'api_key', name: site.key.slice(0, 24) } },
    ]);
  });

  test('twice, and at once, is one policy and the same answer', async () => {
    const offer = await offered(site);
    const answers = await Promise.all([pay(site, offer), pay(site, offer), pay(site, offer)]);
    for (const { status, body } of answers) expect([status, body]).toEqual([200, answers[0]?.body]);
    expect(await site.store.policyHistory(offer.id as never)).toHaveLength(1);
  });

  test('refuses a token that belongs to another offer, account or mode', async () => {
    const [one, two] = [await offered(site), await offered(site)];
    const wrong = await pay(site, { ...one, payment_token: two.payment_token });
    expect([wrong.status, wrong.body['errors']]).toMatchObject([400, [{ field: 'token' }]]);
    const live = await site.addKey(site.account, 'live');
    expect((await pay(site, one, { authorization: `Bearer ${live}` })).status).toBe(400);
    expect((await call(site, 'POST', '/payments', {})).body['errors']).toHaveLength(4);
    const { body } = await call(site, 'POST', '/payments', { method: 'card' });
    expect(body['errors']).toContainEqual(
      expect.objectContaining({ field: 'method', code: 'invalid_value', value: 'card' }),
    );
  });

  test('is too late when the offer has expired', async () => {
    const offer = await offered(site, key('late'));
    site.now += 7 * 24 * HOUR;
    const { status, body } = await pay(site, offer);
    expect([status, body['message']]).toEqual([409, expect.stringContaining('make a new one')]);
    await site.store.removeExpiredOffers(site.now);
    expect((await pay(site, offer)).status).toBe(404);
  });
});
