import { describe, expect, test } from 'vitest';
import { type Endpoint, MAX_ENDPOINTS, MAX_SECRETS } from '../../../src/domain/endpoint.ts';
import type { AccountId, EndpointId } from '../../../src/domain/ids.ts';
import { type AStore, HOUR, NOW, purchase } from '../a-store.ts';

const hmac = (text: string) => ({ kind: 'hmac', sealed: Buffer.from(text) }) as const;
const textsOf = (endpoint: Endpoint | undefined) =>
  endpoint?.secrets.map(({ sealed }) => Buffer.from(sealed).toString());

export function endpointContract(one: () => AStore): void {
  const store = () => one().store;
  const again = ({ id }: Endpoint) => store().endpoint(one().account.id, id);

  test('is found under the id that it was promised, which another cannot have', async () => {
    const settings = {
      id: await store().nextEndpointId(NOW),
      account: one().account.id,
      url: 'https://a.example/',
      description: 'what for',
      events: ['policy.created'],
      modes: ['live'],
      batch: 5,
      secrets: [hmac('a')],
    } as const;
    const added = await store().addEndpoint(settings);
    expect(added).toMatchObject({ ok: true, value: { id: settings.id, url: settings.url, modes: ['live'] } });
    expect(await store().endpoint(one().account.id, settings.id)).toEqual(added.ok && added.value);
    expect(await store().addEndpoint(settings)).toMatchObject({ ok: false, code: 'id_taken' });
    expect(await store().nextEndpointId(NOW)).not.toBe(settings.id);
  });

  test('is not found by another account, nor under an id that is none', async () => {
    const { id } = await one().subscribe();
    const other = await one().anotherAccount('other');
    expect(await store().endpoint(other.id, id)).toBeUndefined();
    expect(await store().endpoints(other.id)).toEqual([]);
    expect(await store().endpoint(one().account.id, 'whk_0' as EndpointId)).toBeUndefined();
    expect(await store().removeEndpoint(other.id, id, NOW)).toBe(false);
    expect(await store().endpoint(one().account.id, id)).toBeDefined();
  });

  test('is one of a limited number, each account for itself', async () => {
    for (let i = 0; i < MAX_ENDPOINTS; i++) await one().subscribe();
    await expect(one().subscribe()).rejects.toThrow(`${MAX_ENDPOINTS} endpoints`);
    const account: AccountId = (await one().anotherAccount('other')).id;
    const [first] = await store().endpoints(one().account.id);
    if (first) await store().removeEndpoint(one().account.id, first.id, NOW);
    await one().subscribe();
    expect(await store().endpoints(account)).toEqual([]);
    expect(await store().endpoints(one().account.id)).toHaveLength(MAX_ENDPOINTS);
  });

  test('that is removed is sent nothing more, and its secrets are gone', async () => {
    const endpoint = await one().subscribe();
    await one().commit(await one().claim(), [purchase(1, 'a')]);
    expect(await store().removeEndpoint(one().account.id, endpoint.id, NOW)).toBe(true);
    expect(await one().deliveries()).toEqual([]);
    expect(await store().someSecret()).toBeUndefined();
    expect(await store().removeEndpoint(one().account.id, endpoint.id, NOW)).toBe(false);
  });

  test('takes other settings, those that are given, and forgets its failures with its URL', async () => {
    const before = await one().subscribe();
    const update = (changes: Parameters<AStore['store']['updateEndpoint']>[2]) =>
      store().updateEndpoint(one().account.id, before.id, changes, NOW);
    expect(await update({ description: 'new', batch: 7 })).toEqual({
      ...before,
      description: 'new',
      batch: 7,
    });
    const events = ['import.held', 'policy.updated'] as const;
    const url = 'https://b.example/';
    expect(await update({ url, events, modes: ['live'] })).toMatchObject({
      url,
      events,
      modes: ['live'],
      batch: 7,
    });
    const other = await one().anotherAccount('other');
    expect(await store().updateEndpoint(other.id, before.id, { url }, NOW)).toBeUndefined();
  });

  test('that is paused is sent nothing, and all that waits when it is resumed', async () => {
    const { id } = await one().subscribe();
    expect(await store().pauseEndpoint(one().account.id, id, NOW)).toMatchObject({ paused_at: NOW });
    expect(await store().pauseEndpoint(one().account.id, id, NOW + 1)).toMatchObject({ paused_at: NOW });
    await one().commit(await one().claim(), [purchase(1, 'a'), purchase(2, 'b')]);
    expect(await one().deliveries()).toEqual([]);
    expect(await store().waitingEvents(id)).toBe(2);
    expect(await store().resumeEndpoint(one().account.id, id, NOW)).toMatchObject({ paused_at: undefined });
    expect((await one().deliveries()).flatMap(({ events }) => events)).toHaveLength(2);
    expect(await store().waitingEvents(id)).toBe(2); // in flight
    const other = await one().anotherAccount('other');
    expect(await store().pauseEndpoint(other.id, id, NOW)).toBeUndefined();
  });

  describe('its secrets', () => {
    const rotate = (endpoint: Endpoint, text: string, retire_at: number, now = NOW) =>
      store().rotateSecrets(endpoint.id, { secrets: [hmac(text)], retire_at, now });

    test('are given newest first, with the instant from which on the older ones sign no more', async () => {
      const endpoint = await one().subscribe();
      await rotate(endpoint, 'b', NOW + HOUR);
      await rotate(endpoint, 'c', NOW + 2 * HOUR);
      const rotated = await again(endpoint);
      expect(textsOf(rotated)).toEqual(['c', 'b', 'sealed']);
      expect(rotated?.secrets.map(({ expires_at }) => expires_at)).toEqual([
        undefined,
        NOW + 2 * HOUR,
        NOW + HOUR, // a later rotation does not make it last longer
      ]);
    });

    test('that have run out are forgotten at the next rotation', async () => {
      const endpoint = await one().subscribe();
      await rotate(endpoint, 'b', NOW + HOUR);
      await rotate(endpoint, 'c', NOW + 3 * HOUR, NOW + HOUR);
      expect(textsOf(await again(endpoint))).toEqual(['c', 'b']);
    });

    test('are limited in number, and a refused rotation changes nothing', async () => {
      const endpoint = await one().subscribe();
      for (let i = 1; i < MAX_SECRETS; i++) await rotate(endpoint, `${i}`, NOW + HOUR);
      const before = await again(endpoint);
      expect(await rotate(endpoint, 'more', NOW + 1)).toMatchObject({ ok: false, code: 'too_many_secrets' });
      expect(await again(endpoint)).toEqual(before);
    });
  });
}
