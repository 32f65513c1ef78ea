import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOUR, HttpSite } from '../a-site.ts';
import { type Answer, bought, call, seen } from '../partner/a-purchase.ts';

type Asset = { designation: string; name: string; extension: string; href: string };

let site: HttpSite;
let policy: Answer;
beforeAll(async () => {
  site = await HttpSite.start();
  policy = await bought(site);
});
afterAll(() => site.remove());

async function asset(): Promise<Asset> {
  const { body } = await call(site, 'GET', `/policies/${policy.body['id']}`);
  const [first, ...others] = body['assets'] as [Asset];
  expect(others).toEqual([]);
  return first;
}

describe('the certificate of a policy', () => {
  test('is named in the policy, and to be had without a key', async () => {
    const { href, ...named } = await asset();
    const number = policy.body['insurer_policy_id'];
    expect(named).toEqual({ designation: 'policy_document', name: number, extension: 'pdf' });
    const response = await fetch(href);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `inline; filename="${number}.pdf"`,
      'cache-control': 'private, no-cache',
      'x-robots-tag': 'noindex',
      etag: '"1"',
    });
    const pdf = Buffer.from(await response.arrayBuffer());
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.length).toBeGreaterThan(5_000);
    expect((await fetch(href, { headers: { 'if-none-match': '"1"' } })).status).toBe(304);
  });

  test('is that of the policy as it is now', async () => {
    const { href } = await asset();
    const before = Buffer.from(await (await fetch(href)).arrayBuffer());
    const changed = await call(
      site,
      'PATCH',
      `/policies/${policy.body['id']}`,
      { last_name: 'Miller' },
      seen(policy),
    );
    expect(changed.status).toBe(200);
    const after = await fetch(href, { headers: { 'if-none-match': '"1"' } });
    expect([after.status, after.headers.get('etag')]).toEqual([200, '"2"']);
    expect(Buffer.from(await after.arrayBuffer()).equals(before)).toBe(false);
  });

  test('ten at once all come', async () => {
    const { href } = await asset();
    const answers = await Promise.all(Array.from({ length: 10 }, () => fetch(href)));
    expect(answers.map(({ status }) => status)).toEqual(new Array(10).fill(200));
  });

  test('a link that was changed leads nowhere, and one that is too old says so', async () => {
    const { href } = await asset();
    const status = async (link: string) => {
      const response = await fetch(link);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      return response.status;
    };
    expect(await status(href.replace('expires=', 'expires=9'))).toBe(404);
    expect(await status(href.slice(0, -1))).toBe(404);
    expect(await status(href.split('?')[0] ?? '')).toBe(404);
    expect(await status(`${href}&signature=x`)).toBe(404);
    site.now += 7 * 24 * HOUR + 1000;
    expect(await status(href)).toBe(410);
    expect((await fetch((await asset()).href)).status).toBe(200);
  });
});
