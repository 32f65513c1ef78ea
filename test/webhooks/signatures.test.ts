import { createHmac, randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { signedHeaders } from '../../src/webhooks/signatures.ts';
import { SECRET } from './events.ts';

const signed = (body: string, seconds = Math.floor(Date.now() / 1000)) =>
  signedHeaders({ id: 'evt_1', type: 'policy.created', seconds, body }, SECRET);

describe('a signed delivery', () => {
  test.each(['{}', '{"name":"Zoë 🎟"}'])('%j is verified by the Standard Webhooks library', (body) => {
    expect(() => new Webhook(SECRET).verify(body, signed(body))).not.toThrow();
  });

  test('is not verified when the body, the secret or the time is another', () => {
    const headers = signed('{"a":1}');
    expect(() => new Webhook(SECRET).verify('{"a":2}', headers)).toThrow('No matching signature');
    const other = `whsec_${randomBytes(32).toString('base64')}`;
    expect(() => new Webhook(other).verify('{"a":1}', headers)).toThrow('No matching signature');
    const old = signed('{"a":1}', Math.floor(Date.now() / 1000) - 600);
    expect(() => new Webhook(SECRET).verify('{"a":1}', old)).toThrow('too old');
    expect(() =>
      new Webhook(SECRET).verify('{"a":1}', {
        ...old,
        'webhook-timestamp': headers['webhook-timestamp'] ?? '',
      }),
    ).toThrow('No matching signature');
  });

  test('carries the header that the platform’s receivers know: SHA-1 over the body, keyed with the whole secret as text', () => {
    const body = '{"name":"Zoë"}';
    expect(signed(body)['X-KASKO-Signature']).toBe(
      `sha1=${createHmac('sha1', SECRET).update(body).digest('hex')}`,
    );
    expect(signed('{"hello":"world"}', 0)['X-KASKO-Signature']).toBe(
      'sha1=c36d9dd7981a6f6ff5add3e838189109e0dccb97',
    );
  });

  test('has the same signatures for the same input, and another for every second', () => {
    expect(signed('{}', 1)).toEqual(signed('{}', 1));
    expect(signed('{}', 1)['webhook-signature']).not.toBe(signed('{}', 2)['webhook-signature']);
  });
});
