import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { QUOTE } from '../../product/shipped.ts';
import { HttpSite, NOW } from '../a-site.ts';
import { call, QUOTE_REQUEST } from './a-purchase.ts';

let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.start();
});
afterAll(() => site.remove());

const post = (body: unknown, headers = {}) => call(site, 'POST', '/quotes', body, headers);
const withData = (data: object) => post({ ...QUOTE_REQUEST, data: { ...QUOTE, ...data } });

describe('POST /quotes', () => {
  test('answers with the price and a token', async () => {
    const { status, body } = await withData({ protected_element: { 1: { price: 5000 } } });
    expect(status).toBe(200);
    expect(body).toEqual({
      token: expect.stringMatching(/^qt_[\w-]+\.[\w-]{43}$/),
      livemode: false,
      gross_payment_amount: 2056,
      currency: 'EUR',
      extra_data: { gross_premium: 2056, premium_tax: 328, net_premium: 1728, tax_rate: 0.19 },
      expires_at: new Date(NOW + 86_400_000).toISOString(),
    });
  });

  test('takes elements as an array as well, and a yes as a file has it', async () => {
    const numbered = { protected_element: { 0: { price: 5000 }, 1: { price: 1000 } }, pem_exclusion: true };
    const listed = { protected_element: [{ price: 5000 }, { price: 1000 }], pem_exclusion: 1 };
    const price = async (data: object) => (await withData(data)).body['gross_payment_amount'];
    expect(await price(listed)).toBe(await price(numbered));
  });

  test('refuses a date that does not exist, by its name', async () => {
    const { status, body } = await withData({ policy_start_date: '2022-11-31' });
    expect(status).toBe(400);
    expect(body).toEqual({
      status: 400,
      message: 'data.policy_start_date: "2022-11-31" is not a date: November 2022 has 30 days',
      errors: [
        {
          code: 'invalid_date',
          field: 'data.policy_start_date',
          value: '2022-11-31',
          message: 'data.policy_start_date: "2022-11-31" is not a date: November 2022 has 30 days',
        },
      ],
    });
  });

  test('says all that is wrong at once, and what was probably meant', async () => {
    const { body } = await post({
      ...QUOTE_REQUEST,
      itemid: 'x',
      item_id: 'ins_other',
      key: 'sk_test_other',
      data: {
        ...QUOTE,
        policy_start_date: 'soon',
        pem_exklusion: true,
        protected_element: { 1: { price: 'x' } },
      },
    });
    const errors = body['errors'] as { field: string; code: string; message: string; value?: unknown }[];
    expect(errors.map(({ field, code }) => [field, code])).toEqual([
      ['itemid', 'unknown_field'],
      ['key', 'invalid_value'],
      ['item_id', 'invalid_value'],
      ['data.protected_element.1.price', 'invalid_type'],
      ['data.pem_exklusion', 'unknown_field'],
      ['data.policy_start_date', 'invalid_date'],
    ]);
    expect(errors[0]?.message).toContain('did you mean `item_id`?');
    expect(errors[4]?.message).toContain('did you mean `data.pem_exclusion`?');
    expect(body['message']).toBe('6 things are wrong with the body.');
    expect(JSON.stringify(errors[1]), 'a key is not repeated').not.toContain('sk_test_other');
  });

  test.each([
    [undefined, 'The body is missing: send a JSON object.'],
    ['{', 'The body is no JSON'],
    ['[]', 'The body: '],
    ['5', 'The body: '],
    ['{"integration_id":"a\\u0000b","data":{}}', 'NUL character'],
    ['{"integration_id":"\\ud800","data":{}}', 'half of a character'],
    ['{"\\ud800":1}', 'half of a character'],
    ['{"integration_id":"\\ud83d\\ude00 \\\\u0000","data":{}}', 'no integration of this account'],
    ['['.repeat(200_000), 'The body is no JSON'],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'The body'],
    ['{}', 'integration_id'],
    ['{"integration_id":5,"data":[]}', 'integration_id'],
    ['{"__proto__":{},"integration_id":"in_x","data":{}}', '__proto__'],
    [
      `{"integration_id":"in_x","data":${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}}`,
      'nested in more than 30 levels',
    ],
  ])('answers body %# with 400', async (body, named) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(named);
    expect(JSON.stringify(answer.body)).not.toContain('    at ');
  });

  test('data without end is refused, and does no harm', async () => {
    const { integration_id } = QUOTE_REQUEST;
    const deep = `{"integration_id":"${integration_id}","data":${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}}`;
    const { status, body } = await post(deep);
    expect([status, JSON.stringify(body)]).toEqual([
      400,
      expect.stringContaining('nested in more than 30 levels'),
    ]);
  });

  test('text that is not UTF-8 is refused instead of being kept garbled', async () => {
    const latin1 = Buffer.from('{"integration_id":"Zoë","data":{}}', 'latin1');
    const response = await site.fetch('/quotes', {
      method: 'POST',
      body: latin1,
      headers: { authorization: `Bearer ${site.key}`, 'content-type': 'application/json' },
    });
    expect(await response.json()).toEqual({
      status: 400,
      message: 'The body is no JSON that can be taken: it is not text in UTF-8.',
    });
  });

  test('a body that is too long is 413, one that is no JSON by its type 415', async () => {
    expect((await post({ ...QUOTE_REQUEST, data: 'x'.repeat(300_000) })).status).toBe(413);
    const { status, body } = await post('a=b', { 'content-type': 'application/x-www-form-urlencoded' });
    expect([status, Object.keys(body)]).toEqual([415, ['status', 'message']]);
  });

  test('an integration that is not the account’s is none, whoever else has it', async () => {
    const other = await site.addAccount('single-only', {
      integrations: ['in_f6e5410024f0484461bcc550e58a5'],
    });
    const authorization = `Bearer ${await site.addKey(other, 'test')}`;
    const known = await post(QUOTE_REQUEST, { authorization });
    const unknown = await post({ ...QUOTE_REQUEST, integration_id: 'in_nobody' }, { authorization });
    expect([known.status, unknown.status]).toEqual([400, 400]);
    expect(known.body['message']).toBe(
      'integration_id: "in_41c2f22d51612f04ee2c48eca3dc0" is no integration of this account',
    );
  });

  test('the key may stand in the body, alone or beside the header', async () => {
    const alone = await site.fetch('/quotes', {
      method: 'POST',
      body: JSON.stringify({ ...QUOTE_REQUEST, key: site.key }),
      headers: { 'content-type': 'application/json' },
    });
    expect(alone.status).toBe(200);
    expect((await post({ ...QUOTE_REQUEST, key: site.key })).status).toBe(200);
    const none = await site.fetch('/quotes', {
      method: 'POST',
      body: JSON.stringify(QUOTE_REQUEST),
      headers: { 'content-type': 'application/json' },
    });
    expect(none.status).toBe(401);
  });
});

describe('the media type', () => {
  const V3 = 'application/vnd.kasko.v3+json';
  test.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    [V3, V3],
    [`${V3}, */*`, V3],
    [`application/json;q=0.5, ${V3};q=0.4`, 'application/json'],
    [`application/json;q=0.5, ${V3}`, V3],
    ['application/*', 'application/json'],
  ])('asked for as %s is %s', async (accept, type) => {
    const { status, headers } = await post(QUOTE_REQUEST, {
      'content-type': V3,
      ...(accept !== undefined && { accept }),
    });
    expect([status, headers.get('content-type')]).toEqual([200, `${type}; charset=utf-8`]);
  });

  test.each(['text/html', 'application/vnd.kasko.v2+json', `${V3};q=0`])(
    '%s is not to be had',
    async (accept) => {
      const { status, body } = await post(QUOTE_REQUEST, { accept });
      expect(status).toBe(406);
      expect(body['message']).toContain(V3);
    },
  );
});
