import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { newApiKey } from '../../../src/domain/api-key.ts';
import { type AStore, NOW } from '../a-store.ts';

export function apiKeyContract(one: () => AStore): void {
  test('is found by its name with the account as it is now, and gone when it is removed', async () => {
    const { store, account } = one();
    const { name, ...proof } = newApiKey('live', randomBytes).proof;
    await store.addApiKey(account.id, { name, ...proof }, NOW);
    expect(await store.apiKeyOwner(name)).toEqual({ account, hash: proof.hash });
    await store.setAccountDisabled(account.id, true);
    expect(await store.apiKeyOwner(name)).toMatchObject({ account: { disabled: true } });
    expect(await store.removeApiKey(account.id, name)).toBe(true);
    expect(await store.removeApiKey(account.id, name)).toBe(false);
    expect(await store.apiKeyOwner(name)).toBeUndefined();
  });

  test('is listed for its account alone, and removed by it alone', async () => {
    const { store, account } = one();
    const other = await one().anotherAccount('other');
    const first = newApiKey('test', randomBytes).proof;
    const second = newApiKey('live', randomBytes).proof;
    await store.addApiKey(account.id, first, NOW);
    await store.addApiKey(account.id, { ...second, expires_at: NOW + 5 }, NOW + 1);
    expect(await store.apiKeys(account.id)).toEqual([
      { name: first.name, mode: 'test', created_at: NOW, expires_at: undefined },
      { name: second.name, mode: 'live', created_at: NOW + 1, expires_at: NOW + 5 },
    ]);
    expect(await store.apiKeyOwner(second.name)).toMatchObject({ expires_at: NOW + 5 });
    expect(await store.apiKeys(other.id)).toEqual([]);
    expect(await store.removeApiKey(other.id, first.name)).toBe(false);
  });
}
