import { describe, expect, test } from 'vitest';
import type { EndpointId } from '../../src/domain/ids.ts';
import { secretVault } from '../../src/webhooks/vault.ts';
import { SECRET } from './events.ts';

const vault = secretVault(new Uint8Array(32).fill(1));
const ID = 'whk_019ab0000001f000000000000001' as EndpointId;

describe('a sealed secret', () => {
  const sealed = vault.seal(SECRET, ID);

  test('is opened again', () => {
    expect(vault.open(sealed, ID)).toBe(SECRET);
  });

  test('does not show the secret, and is another one every time', () => {
    expect(Buffer.from(sealed).toString('latin1')).not.toContain(SECRET.slice(0, 8));
    expect(vault.seal(SECRET, ID)).not.toEqual(sealed);
  });

  test('is opened neither as that of another endpoint, nor with another key', () => {
    const other = ID.replace('1f', '2f') as EndpointId;
    expect(() => vault.open(sealed, other)).toThrow(`The secret of ${other} cannot be decrypted`);
    expect(() => secretVault(new Uint8Array(32)).open(sealed, ID)).toThrow('Put master.key');
  });

  test('is not opened when any byte of it is another, or the last are missing', () => {
    for (let i = 0; i < sealed.length; i++) {
      const changed = sealed.map((byte, at) => (at === i ? byte ^ 1 : byte));
      expect(() => vault.open(changed, ID)).toThrow('cannot be decrypted');
      expect(() => vault.open(sealed.subarray(0, i), ID)).toThrow('cannot be decrypted');
    }
  });
});
