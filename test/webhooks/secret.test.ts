import { describe, expect, test } from 'vitest';
import { hmacKey, kindOf, newSecret, publicKeyOf, signingKey } from '../../src/webhooks/secret.ts';

describe('a new secret', () => {
  test('is whsec_ with 32 bytes, and never the same', () => {
    const secret = newSecret('hmac');
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(hmacKey(secret).symmetricKeySize).toBe(32);
    expect(kindOf(secret)).toBe('hmac');
    expect(newSecret('hmac')).not.toBe(secret);
  });

  test('of a key pair is whsk_ with 64 bytes, and its public key whpk_ with 32', () => {
    const secret = newSecret('ed25519');
    expect(secret).toMatch(/^whsk_[A-Za-z0-9+/]{86}==$/);
    expect(publicKeyOf(secret)).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
    expect(kindOf(secret)).toBe('ed25519');
    expect(signingKey(secret).asymmetricKeyType).toBe('ed25519');
  });
});

test('a key pair has the form of Standard Webhooks: this one is from its reference implementation', () => {
  const secret =
    'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';
  expect(publicKeyOf(secret)).toBe('whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=');
});
