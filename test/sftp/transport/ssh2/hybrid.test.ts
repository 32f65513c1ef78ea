import { createHash, createPublicKey, decapsulate, diffieHellman, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { answerHybrid } from '../../../../src/sftp/transport/ssh2/hybrid.ts';

const RAW = { format: 'raw-public' } as const;
const kem = generateKeyPairSync('ml-kem-768');
const curve = generateKeyPairSync('x25519');
const init = Buffer.concat([kem.publicKey.export(RAW), curve.publicKey.export(RAW)]);

/** The client's keys with another 12-bit coefficient at the place of the first one, or of the last (FIPS 203, 4.2.1). */
function withCoefficient(value: number, where: 'first' | 'last'): Buffer {
  const changed = Buffer.from(init);
  if (where === 'first') changed.writeUInt16LE(value | (changed.readUInt16LE(0) & 0xf000), 0);
  else changed.writeUInt16LE((value << 4) | (changed.readUInt16LE(1150) & 0x000f), 1150);
  return changed;
}

test('both sides come to the same secret', () => {
  const { reply, secret } = answerHybrid(init);
  expect(reply).toHaveLength(1088 + 32);
  const publicKey = createPublicKey({ ...RAW, key: reply.subarray(1088), asymmetricKeyType: 'x25519' });
  const parts = [
    decapsulate(kem.privateKey, reply.subarray(0, 1088)),
    diffieHellman({ privateKey: curve.privateKey, publicKey }),
  ];
  expect(secret).toEqual(createHash('sha256').update(Buffer.concat(parts)).digest());
});

describe("a client's keys are refused", () => {
  test.each([0, 32, 1184, 1215, 1217, 34_000])('that have %i bytes', (length) => {
    expect(() => answerHybrid(Buffer.alloc(length))).toThrow(`have ${length} bytes`);
  });

  test.each([
    [3329, 'first'],
    [4095, 'first'],
    [3329, 'last'],
    [4095, 'last'],
  ] as const)('that have the coefficient %i, as the %s', (value, where) => {
    expect(() => answerHybrid(withCoefficient(value, where))).toThrow();
  });

  test.each([0, 1])('whose point is %i, of low order', (point) => {
    const changed = Buffer.from(init).fill(0, 1184);
    changed[1184] = point;
    expect(() => answerHybrid(changed)).toThrow();
  });
});

test('the greatest coefficient is taken', () => {
  for (const where of ['first', 'last'] as const) {
    expect(answerHybrid(withCoefficient(3328, where)).secret).toHaveLength(32);
  }
});
