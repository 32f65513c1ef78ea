import { expect, test } from 'vitest';
import type { Fingerprint, SshKey } from '../../../src/domain/account.ts';
import { type AStore, NOW } from '../a-store.ts';

/** A key without limits; what it consists of is nothing to the store. */
export function key(fingerprint: Fingerprint): SshKey {
  return {
    fingerprint,
    type: 'ssh-ed25519',
    blob: new Uint8Array([1, 2]),
    comment: '',
    from: [],
    created_at: NOW,
  };
}

export function accountContract(one: () => AStore): void {
  const keys = () => one().store.keys(one().account.id);

  test('keeps a key with its expiry and networks', async () => {
    const limited = { ...key('SHA256:a'), expires_at: NOW + 1, from: ['10.0.0.0/8', '2001:db8::/32'] };
    await one().store.addKey(one().account.id, limited, NOW);
    expect(await keys()).toEqual([limited]);
  });

  test('has a key once; added again it has the options of the second time', async () => {
    const first = { ...key('SHA256:a'), expires_at: NOW + 1, from: ['10.0.0.0/8'] };
    await one().store.addKey(one().account.id, first, NOW);
    await one().store.addKey(one().account.id, { ...key('SHA256:a'), comment: 'again' }, NOW + 1);
    expect(await keys()).toEqual([{ ...key('SHA256:a'), comment: 'again' }]);
  });

  test('knows an authority by its principals', async () => {
    const authority = { ...key('SHA256:ca'), principals: ['partner', 'ops'] };
    await one().store.addKey(one().account.id, authority, NOW);
    expect(await keys()).toEqual([authority]);
    await one().store.addKey(one().account.id, key('SHA256:ca'), NOW);
    expect(await keys()).toEqual([key('SHA256:ca')]);
  });

  test('keeps what is revoked, each once, for this account alone', async () => {
    const { store, account } = one();
    await store.revoke(account.id, ['SHA256:a', 'serial 18446744073709551615'], NOW);
    await store.revoke(account.id, ['SHA256:a', 'serial 7'], NOW + 1);
    expect(await store.revocations(account.id)).toEqual([
      { revoked: 'SHA256:a', created_at: NOW },
      { revoked: 'serial 18446744073709551615', created_at: NOW },
      { revoked: 'serial 7', created_at: NOW + 1 },
    ]);
    const other = { name: 'other', modes: ['test'], integrations: [], keys: [], now: NOW } as const;
    const added = await store.addAccount(other);
    if (!added.ok) throw new Error(added.message);
    expect(await store.revocations(added.value.id)).toEqual([]);
  });

  test('loses a key that is removed', async () => {
    await one().store.addKey(one().account.id, key('SHA256:a'), NOW);
    expect(await one().store.removeKey(one().account.id, 'SHA256:a')).toBe(true);
    expect(await one().store.removeKey(one().account.id, 'SHA256:a')).toBe(false);
    expect(await keys()).toEqual([]);
  });
}
