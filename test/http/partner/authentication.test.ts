import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { HttpSite } from '../a-site.ts';

const FAILURES = 3;
const RATE = 4;
let site: HttpSite;

beforeAll(async () => {
  site = await HttpSite.start({ failures: FAILURES, request_rate: RATE, proxies: ['127.0.0.0/8'] });
});
beforeEach(() => {
  site.now += 60_000; // the failures of the test before are forgotten
});
afterAll(() => site.remove());

const basic = (name: string, password = '') =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
const get = (headers: Record<string, string>) => site.fetch('/policies/tpol_none', { headers });
const body = async (response: Response) => [response.status, await response.json()];

describe('the partner API', () => {
  test.each([
    ['as a bearer token', (key: string) => `Bearer ${key}`],
    ['as the user name of Basic', (key: string) => basic(key)],
  ])('takes a key %s', async (_how, authorization) => {
    const response = await get({ authorization: authorization(site.key) });
    expect(await body(response)).toEqual([404, { status: 404, message: 'There is no policy tpol_none.' }]);
  });

  test('asks for a key when there is none, before it says anything else', async () => {
    for (const headers of [{}, { authorization: basic(site.key, 'secret') }, { authorization: 'Bearer' }]) {
      const response = await get(headers);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe(
        'Basic realm="policydrop", charset="UTF-8", Bearer realm="policydrop"',
      );
      expect(await response.json()).toMatchObject({
        status: 401,
        message: expect.stringContaining('HTTP Basic'),
      });
    }
  });

  test('refuses a key of which a digit is another, and one that was removed, at once', async () => {
    const wrong = site.key.slice(0, -1) + (site.key.endsWith('0') ? '1' : '0');
    expect((await get({ authorization: `Bearer ${wrong}` })).status).toBe(401);
    const other = await site.addKey(site.account, 'test');
    expect((await get({ authorization: `Bearer ${other}` })).status).toBe(404);
    await site.store.removeApiKey(site.account.id, other.slice(0, 24));
    expect((await get({ authorization: `Bearer ${other}` })).status).toBe(401);
  });

  test('tells the holder of a key why it may not be used', async () => {
    const testing = await site.addAccount('testing', { modes: ['test'] });
    const live = await site.addKey(testing, 'live');
    expect(await body(await get({ authorization: `Bearer ${live}` }))).toEqual([
      403,
      { status: 403, message: 'This account is not for live policies any more.' },
    ]);
    const key = await site.addKey(testing, 'test');
    await site.store.setAccountDisabled(testing.id, true);
    expect((await get({ authorization: `Bearer ${key}` })).status).toBe(403);
    await site.store.setAccountDisabled(testing.id, false);
    expect((await get({ authorization: `Bearer ${key}` })).status).toBe(404);
  });

  test('takes a key until it expires, and then tells its holder so', async () => {
    const key = await site.addKey(site.account, 'test', site.now + 1_000);
    const authorization = `Bearer ${key}`;
    site.now += 999;
    expect((await get({ authorization })).status).toBe(404);
    site.now += 1;
    const message = `This API key has expired at ${new Date(site.now).toISOString()}. The insurer can make you a new one.`;
    expect(await body(await get({ authorization }))).toEqual([401, { status: 401, message }]);
  });

  test('lets an account that asks too fast wait in that mode, and no other account', async () => {
    const [hasty, calm] = [await site.addAccount('hasty'), await site.addAccount('calm')];
    const [first, second] = [await site.addKey(hasty, 'test'), await site.addKey(hasty, 'test')];
    const [live, other] = [await site.addKey(hasty, 'live'), await site.addKey(calm, 'test')];
    const statusFor = async (key: string) => (await get({ authorization: `Bearer ${key}` })).status;
    for (let i = 0; i < 10 * RATE; i++) expect(await statusFor(i % 2 === 0 ? first : second)).toBe(404);
    const refused = await get({ authorization: `Bearer ${first}` });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await refused.json()).toMatchObject({
      message: expect.stringContaining(`More than ${RATE} requests`),
    });
    expect([await statusFor(second), await statusFor(live), await statusFor(other)]).toEqual([429, 404, 404]);
    site.now += 1_000;
    for (let i = 0; i < RATE; i++) expect(await statusFor(first)).toBe(404);
    expect(await statusFor(first)).toBe(429);
    const old = await site.addKey(calm, 'test', site.now);
    for (let i = 0; i < 10 * RATE; i++) expect(await statusFor(old), 'it has expired').toBe(401);
    expect(await statusFor(old)).toBe(429);
  });

  test('lets a source that keeps failing wait, also with a right key, and no other source', async () => {
    const from = (address: string, key: string) =>
      get({ authorization: `Bearer ${key}`, 'x-forwarded-for': address });
    for (let i = 0; i < FAILURES; i++) expect((await from('192.0.2.1', 'sk_test_wrong')).status).toBe(401);
    const refused = await from('192.0.2.1', site.key);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('20');
    expect((await from('192.0.2.2', site.key)).status).toBe(404);
    for (let i = 0; i < FAILURES; i++) await from('2001:db8::1', 'sk_test_wrong');
    expect((await from('2001:db8::ffff', site.key)).status, 'the same /64').toBe(429);
    expect((await from('2001:db8:0:1::1', site.key)).status).toBe(404);
    site.now += 20_000;
    expect((await from('192.0.2.1', site.key)).status).toBe(404);
  });

  test('says which methods a path has', async () => {
    for (const [path, allowed] of [
      ['/quotes', 'POST'],
      ['/policies', 'POST'],
      ['/policies/tpol_1', 'GET, HEAD, PATCH, PUT'],
      ['/policies/tpol_1/reactivate', 'POST'],
      ['/payments', 'POST'],
    ] as const) {
      const headers = { authorization: `Bearer ${site.key}` };
      const { status, headers: said } = await site.fetch(path, { method: 'DELETE', headers });
      expect([path, status, said.get('allow')]).toEqual([path, 405, allowed]);
    }
  });

  test('never logs a key', async () => {
    await get({ authorization: 'Bearer sk_test_wrong' });
    expect(JSON.stringify(site.logged)).not.toContain(site.key.slice(24));
  });
});
