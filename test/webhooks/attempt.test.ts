import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import type { EventId } from '../../src/domain/ids.ts';
import { bodyOf } from '../../src/webhooks/bodies.ts';
import { NOW, receiver, send, sendAll } from './an-attempt.ts';
import { deliveryTo, EVENTS, SECRET } from './events.ts';
import { linksAt } from './links.ts';

describe('an attempt', () => {
  test('posts the body as JSON, with both families of headers', async () => {
    const { url, got } = await receiver();
    expect(await send(url)).toEqual({
      id: deliveryTo(url).id,
      attempt: 1,
      status: 204,
      problem: undefined,
      response: undefined,
      retry_at: undefined,
      pause: undefined,
      ms: 0,
      now: NOW,
    });
    const [{ method, path, headers, body } = fail()] = got;
    expect({ method, path }).toEqual({ method: 'POST', path: '/hooks?partner=acme' });
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-kasko-event': 'policy.created',
      'x-kasko-delivery': EVENTS['policy.created'].id,
      'webhook-id': EVENTS['policy.created'].id,
      'webhook-timestamp': String(Math.floor(NOW / 1000)),
    });
    expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toMatchObject({
      first_name: 'Zoë',
    });
  });

  test('writes the platform’s headers as the platform does', async () => {
    const { url, got } = await receiver();
    await send(url);
    expect(got[0]?.rawHeaders).toEqual(
      expect.arrayContaining(['X-KASKO-Event', 'X-KASKO-Delivery', 'X-KASKO-Signature']),
    );
  });

  test.each([200, 201, 202, 204, 226, 299])('is a success when the answer is %i', async (status) => {
    const { url } = await receiver((response) => response.writeHead(status).end());
    expect(await send(url)).toMatchObject({ status, problem: undefined, retry_at: undefined });
  });

  test.each([300, 304, 400, 401, 404, 410, 500, 502])('fails when the answer is %i', async (status) => {
    const { url } = await receiver((response) => response.writeHead(status).end());
    expect(await send(url)).toMatchObject({
      status,
      problem: `it answered ${status}`,
      retry_at: NOW + 5_000,
    });
  });

  test.each([301, 302, 303, 307, 308])('does not follow a redirect: %i', async (status) => {
    const target = await receiver();
    const { url } = await receiver((response) => response.writeHead(status, { location: target.url }).end());
    expect(await send(url)).toMatchObject({ status, problem: `it answered ${status}` });
    expect(target.got).toEqual([]);
  });

  test('keeps how an answer begins that tells of a failure, and nothing of an acknowledgement', async () => {
    const failing = await receiver((response) =>
      response.writeHead(500).end(`\x1b[31mno such table: hooks\x00${'x'.repeat(9_000)}`),
    );
    const { response } = await send(failing.url);
    expect(response).toBe(`�[31mno such table: hooks�${'x'.repeat(998)}`);
    const content = await receiver((answer) => answer.writeHead(200).end('{"name":"Zoë"}'));
    expect(await send(content.url)).toMatchObject({ response: undefined });
  });

  test('sends several events as one batch, which the delivery gives its id', async () => {
    const { url, got } = await receiver();
    const events = [EVENTS['policy.rejected'], { ...EVENTS['policy.rejected'], id: 'evt_2' as EventId }];
    await sendAll(url, events);
    const [{ headers, body } = fail()] = got;
    const { id } = deliveryTo(url);
    expect(headers).toMatchObject({ 'x-kasko-event': 'batch', 'x-kasko-delivery': id, 'webhook-id': id });
    const sent = new Webhook(SECRET).verify(body, headers as Record<string, string>);
    expect(sent).toMatchObject({ id, type: 'batch', livemode: false });
    const alone = JSON.parse(bodyOf(events[0] ?? fail(), linksAt()));
    expect((sent as { events: unknown[] }).events).toEqual([
      { id: alone.id, type: 'policy.rejected', timestamp: alone.created_at, data: alone },
      { id: 'evt_2', type: 'policy.rejected', timestamp: alone.created_at, data: { ...alone, id: 'evt_2' } },
    ]);
  });

  test.each([429, 503])('gives a receiver that answers %i a minute', async (status) => {
    const { url } = await receiver((response) => response.writeHead(status).end());
    expect(await send(url)).toMatchObject({ status, retry_at: NOW + 60_000 });
  });

  test.each([
    ['in seconds', '90'],
    ['as a date', new Date(Math.floor(NOW / 1000) * 1000 + 90_000).toUTCString()],
  ])('waits as long as the receiver asks, %s', async (_how, value) => {
    const { url } = await receiver((response) => response.writeHead(503, { 'retry-after': value }).end());
    const { retry_at } = await send(url);
    expect(Math.abs((retry_at ?? 0) - NOW - 90_000)).toBeLessThan(1_000);
  });

  test('does as planned when the receiver asks for nonsense', async () => {
    const { url } = await receiver((response) => response.writeHead(500, { 'retry-after': 'soon' }).end());
    expect(await send(url)).toMatchObject({ retry_at: NOW + 5_000 });
  });

  test('is the last one when it is the tenth', async () => {
    const { url } = await receiver((response) => response.writeHead(500).end());
    expect(await send(url, {}, 9)).toMatchObject({ attempt: 9, retry_at: NOW + 24 * 3_600_000 });
    expect(await send(url, {}, 10)).toMatchObject({
      attempt: 10,
      retry_at: undefined,
      problem: 'it answered 500',
    });
  });

  test('signs every attempt anew', async () => {
    const { url, got } = await receiver();
    await send(url);
    await send(url, { clock: () => NOW + 60_000 });
    const [first = fail(), second = fail()] = got.map(({ headers }) => headers);
    expect(second['webhook-id']).toBe(first['webhook-id']);
    expect(second['webhook-signature']).not.toBe(first['webhook-signature']);
    expect(second['x-kasko-signature']).toBe(first['x-kasko-signature']);
  });
});

function fail(): never {
  throw new Error('nothing was received');
}
