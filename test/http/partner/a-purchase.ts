// What partners send, and the three calls of a purchase.
import { expect } from 'vitest';
import { POLICY, QUOTE } from '../../product/shipped.ts';
import type { HttpSite } from '../a-site.ts';

export const QUOTE_REQUEST = {
  integration_id: 'in_41c2f22d51612f04ee2c48eca3dc0',
  subscription_plan_id: 'pp_64ea33bae89ec7c6a651c94142211',
  item_id: 'ins_b85b40f99ecd5f52defba5a44b06',
  data: QUOTE,
};

export type Answer = { status: number; headers: Headers; body: Record<string, unknown> };
export type Offer = { id: string; payment_token: string; insurer_policy_id: string };

export async function call(
  site: HttpSite,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await site.fetch(path, {
    method,
    headers: { authorization: `Bearer ${site.key}`, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
}

/** The token of a quote. */
export async function quoted(site: HttpSite, data: unknown = QUOTE): Promise<string> {
  const { status, body } = await call(site, 'POST', '/quotes', { ...QUOTE_REQUEST, data });
  expect([status, body['errors']]).toEqual([200, undefined]);
  return body['token'] as string;
}

export async function offered(site: HttpSite, headers = {}, more = {}): Promise<Offer> {
  const body = { quote_token: await quoted(site), ...POLICY, ...more };
  const answer = await call(site, 'POST', '/policies', body, headers);
  expect([answer.status, answer.body['errors']]).toEqual([201, undefined]);
  return answer.body as Offer;
}

export function pay(site: HttpSite, { id, payment_token }: Offer, headers = {}): Promise<Answer> {
  const body = { token: payment_token, policy_id: id, method: 'distributor', provider: 'distributor' };
  return call(site, 'POST', '/payments', body, headers);
}

/** A policy in force, as it is shown. */
export async function bought(site: HttpSite, headers = {}, more = {}): Promise<Answer> {
  const offer = await offered(site, headers, more);
  expect((await pay(site, offer)).status).toBe(200);
  return call(site, 'GET', `/policies/${offer.id}`);
}

/** The two headers that a change needs, of an answer that showed the policy. */
export function seen({ headers }: Answer): Record<string, string> {
  return {
    'if-match': headers.get('etag') ?? '',
    'if-unmodified-since': headers.get('last-modified') ?? '',
  };
}
