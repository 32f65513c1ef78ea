import { expect, test } from 'vitest';
import type { SshKey } from '../../../src/domain/account.ts';
import { type AStore, NOW } from '../a-store.ts';

/** A key without limits; what it consists of is nothing to the store. */
export function key(fingerprint: string): SshKey {
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

  test('loses a key that is removed', async () => {
    await one().store.addKey(one().account.id, key('SHA256:a'), NOW);
    expect(await one().store.removeKey(one().account.id, 'SHA256:a')).toBe(true);
    expect(await one().store.removeKey(one().account.id, 'SHA256:a')).toBe(false);
    expect(await keys()).toEqual([]);
  });
}
