import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { POLICY } from '../../product/shipped.ts';
import { HttpSite } from '../a-site.ts';
import {
  type Answer,
  bought,
  call,
  offered,
  pay,
  QUOTE_REQUEST,
  quoted,
  seen,
} from '../partner/a-purchase.ts';

let site: HttpSite;
let policy: Answer;
const ajv = new Ajv2020({ strict: false, validateFormats: false });
beforeAll(async () => {
  site = await HttpSite.start();
  const { components } = (await (await site.fetch('/openapi.json')).json()) as { components: object };
  ajv.addSchema({ $id: 'api', components });
  policy = await bought(site);
});
afterAll(() => site.remove());

const path = () => `/policies/${policy.body['id']}`;
const key = { 'idempotency-key': 'a key' };

/** Every member is there, and no other. */
test.each<[component: string, what: string, ask: () => Promise<Answer>]>([
  ['Quote', 'a quote', () => call(site, 'POST', '/quotes', QUOTE_REQUEST)],
  [
    'Offer',
    'an offer',
    async () => call(site, 'POST', '/policies', { quote_token: await quoted(site), ...POLICY }),
  ],
  [
    'Offer',
    'an offer whose key has its policy',
    async () => {
      await bought(site, key);
      return call(site, 'POST', '/policies', { quote_token: await quoted(site), ...POLICY }, key);
    },
  ],
  [
    'PolicyOrOffer',
    'an offer that is shown',
    async () => call(site, 'GET', `/policies/${(await offered(site)).id}`),
  ],
  ['PolicyOrOffer', 'a policy that is shown', async () => policy],
  ['Payment', 'a payment', async () => pay(site, await offered(site))],
  ['Policy', 'a policy', async () => policy],
  [
    'Policy',
    'a cancelled policy',
    async () => {
      const body = { status: 'cancelled', cancellation_reason: 'x', termination_date: '2022-11-20' };
      return call(site, 'PUT', path(), body, seen(policy));
    },
  ],
  ['EventPage', 'events', () => call(site, 'GET', '/api/v1/events')],
  ['EventPage', 'no events', () => call(site, 'GET', '/api/v1/events?type=import.held')],
  ['Error', 'a refusal', () => call(site, 'POST', '/quotes', {})],
  ['Error', 'what is not there', () => call(site, 'GET', '/policies/tpol_none')],
])('%s is what the document says: %s', async (component, _what, ask) => {
  const { body } = await ask();
  const validate = ajv.getSchema(`api#/components/schemas/${component}`);
  validate?.(body);
  expect(validate?.errors ?? null).toBeNull();
});
