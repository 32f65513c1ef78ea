// A client as a partner's developer gets it: generated from what the server says of itself, now, into a folder that goes again.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@hey-api/openapi-ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { POLICY } from '../../product/shipped.ts';
import { HttpSite } from '../a-site.ts';
import { QUOTE_REQUEST } from '../partner/a-purchase.ts';

type Answered<Data> = { data?: Data; error?: { errors?: { field: string }[] }; response: Response };
type Call = <Data = Record<string, string>>(options?: object) => Promise<Answered<Data>>;
type Client = Record<
  | 'createQuote'
  | 'createOffer'
  | 'createPayment'
  | 'showPolicy'
  | 'updatePolicy'
  | 'cancelPolicy'
  | 'reactivatePolicy',
  Call
>;

const directory = mkdtempSync(join(tmpdir(), 'policydrop-client-'));
let site: HttpSite;
let api: Client;
beforeAll(async () => {
  site = await HttpSite.start();
  const input = join(directory, 'openapi.json');
  writeFileSync(input, await (await site.fetch('/openapi.json')).text());
  const path = join(directory, 'client');
  await createClient({
    input,
    output: { path, importFileExtension: '.ts' },
    plugins: ['@hey-api/client-fetch', '@hey-api/sdk', '@hey-api/typescript'],
    logs: { level: 'silent' },
  });
  api = await import(/* @vite-ignore */ join(path, 'sdk.gen.ts'));
  const { client } = await import(/* @vite-ignore */ join(path, 'client.gen.ts'));
  client.setConfig({
    baseUrl: site.server.publicUrl,
    auth: ({ scheme }: { scheme: string }) => (scheme === 'basic' ? `${site.key}:` : undefined),
  });
});
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await site.remove();
});

test('a generated client buys a policy, changes it, cancels it and makes it active again', async () => {
  const quote = await api.createQuote({ body: QUOTE_REQUEST });
  const offer = await api.createOffer({
    headers: { 'idempotency-key': 'from a client' },
    body: { quote_token: quote.data?.['token'], ...POLICY },
  });
  expect(offer.response.status).toBe(201);
  const id = offer.data?.['id'];
  const distributor = { method: 'distributor', provider: 'distributor' };
  const payment = await api.createPayment({
    body: { token: offer.data?.['payment_token'], policy_id: id, ...distributor },
  });
  expect(payment.data).toMatchObject({ status: 'paid', policy_id: id });

  const of = { path: { id } };
  let state = await api.showPolicy(of);
  const conditions = () => ({
    'if-match': state.response.headers.get('etag'),
    'if-unmodified-since': state.response.headers.get('last-modified'),
  });
  state = await api.updatePolicy({ ...of, headers: conditions(), body: { first_name: 'Zoë' } });
  expect(state.data).toMatchObject({ first_name: 'Zoë', status: 'active' });
  const body = { status: 'cancelled', cancellation_reason: 'the event was cancelled' };
  state = await api.cancelPolicy({ ...of, headers: conditions(), body });
  expect(state.data).toMatchObject({ status: 'cancelled' });
  state = await api.reactivatePolicy(of);
  expect(state.data).toMatchObject({ first_name: 'Zoë', status: 'active' });
});

test('a generated client is told what is wrong', async () => {
  const data = { ...QUOTE_REQUEST.data, policy_start_date: '2022-11-31' };
  const { data: none, error, response } = await api.createQuote({ body: { ...QUOTE_REQUEST, data } });
  expect([response.status, none, error?.errors?.[0]?.field]).toEqual([
    400,
    undefined,
    'data.policy_start_date',
  ]);
});
