// Our packets beside those of ssh2's own ciphers, which are loaded here without their door.
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadChaCha20Poly1305 } from '../../../../src/sftp/transport/ssh2/chacha20-poly1305.ts';
import type { PacketCipher } from '../../../../src/sftp/transport/ssh2/packet-cipher.ts';
import type { PacketDecipher } from '../../../../src/sftp/transport/ssh2/packet-decipher.ts';
import { type PacketCrypto, replaceCiphers } from '../../../../src/sftp/transport/ssh2/packets.ts';

type Info = { readonly sslName: string; readonly keyLen: number; readonly ivLen: number };
type Original = PacketCrypto & { init: Promise<void>; CIPHER_INFO: Record<string, Info> };

const original: Original = createRequire(import.meta.url)('ssh2/lib/protocol/crypto.js');
const theirs = { ...original };
const ours: PacketCrypto = { ...original };

beforeAll(async () => {
  await original.init;
  replaceCiphers(ours, loadChaCha20Poly1305());
});

const CIPHERS = ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'chacha20-poly1305@openssh.com'];

type Setting = { readonly name: string; readonly key: Buffer; readonly iv: Buffer; readonly seqno: number };

function setting(name: string, seqno = 0): Setting {
  const { keyLen, ivLen } = infoOf(name);
  return { name, key: randomBytes(keyLen), iv: randomBytes(ivLen), seqno };
}

function infoOf(name: string): Info {
  const info = theirs.CIPHER_INFO[name];
  if (!info) throw new Error(`ssh2 has no ${name}`);
  return info;
}

/** What is sent for messages, as one text of bytes. */
function sealed(
  crypto: PacketCrypto,
  { name, key, iv, seqno }: Setting,
  messages: readonly Buffer[],
): Buffer {
  const sent: Buffer[] = [];
  const onWrite = (bytes: Buffer) => sent.push(Buffer.from(bytes));
  const cipherIV = Buffer.from(iv); // ssh2 counts in it
  const outbound = { cipherInfo: infoOf(name), cipherKey: key, cipherIV, seqno, onWrite };
  const cipher = crypto.createCipher({ outbound }) as PacketCipher;
  for (const message of messages) {
    const packet = cipher.allocPacket(message.length);
    packet.set(message, 5);
    cipher.encrypt(packet);
  }
  return Buffer.concat(sent);
}

type Opening = { readonly decipher: PacketDecipher; readonly opened: Buffer[] };

function opening(crypto: PacketCrypto, { name, key, iv, seqno }: Setting): Opening {
  const opened: Buffer[] = [];
  const onPayload = (payload: Buffer) => void opened.push(Buffer.from(payload));
  const decipherIV = Buffer.from(iv);
  const inbound = { decipherInfo: infoOf(name), decipherKey: key, decipherIV, seqno, onPayload };
  return { decipher: crypto.createDecipher({ inbound }) as PacketDecipher, opened };
}

/** The messages in bytes that come in chunks of the given lengths, over and over. */
function opened(crypto: PacketCrypto, by: Setting, bytes: Buffer, lengths = [bytes.length]): Buffer[] {
  const { decipher, opened } = opening(crypto, by);
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const chunk = Buffer.from(bytes.subarray(at, at + (lengths[n % lengths.length] ?? 1)));
    decipher.decrypt(chunk, 0, chunk.length);
    at += chunk.length;
    if (crypto === ours) chunk.fill(0); // nothing of it is needed any more
  }
  return opened;
}

const anyMessages = fc.array(
  fc
    .oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(4_000, 5_000, 32_777, 34_900))
    .map((length) => randomBytes(length)),
  { minLength: 1, maxLength: 6 },
);
const anyLengths = fc.array(fc.constantFrom(1, 3, 4, 5, 20, 37, 5_000, 32_000, 65_536), {
  minLength: 1,
  maxLength: 5,
});

describe.each(CIPHERS)('%s', (name) => {
  test('what we send is what ssh2 reads, and the other way round, however it is cut', () => {
    fc.assert(
      fc.property(anyMessages, anyLengths, fc.constantFrom(0, 1, 0xffff_fffe), (messages, lengths, seqno) => {
        const by = setting(name, seqno);
        expect(opened(theirs, by, sealed(ours, by, messages), lengths)).toEqual(messages);
        expect(opened(ours, by, sealed(theirs, by, messages), lengths)).toEqual(messages);
      }),
      { numRuns: 60 },
    );
  });

  test('any bit that is changed is found, and nothing is read from that packet', () => {
    const by = setting(name);
    const messages = [Buffer.from('first'), Buffer.from('the second message')];
    const bytes = sealed(theirs, by, messages);
    const first = sealed(theirs, by, messages.slice(0, 1)).length;
    for (let bit = 8 * first; bit < 8 * bytes.length; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const { decipher, opened } = opening(ours, by);
      try {
        decipher.decrypt(changed, 0, changed.length);
      } catch {}
      expect(opened).toEqual(messages.slice(0, 1)); // a longer length waits for more
    }
  });

  test.each(['twice', 'in another order'])('packets that come %s are refused', (how) => {
    const by = setting(name);
    const [one, two] = [Buffer.from('one'), Buffer.from('two')];
    const first = sealed(theirs, by, [one]);
    const second = sealed(theirs, by, [one, two]).subarray(first.length);
    const { decipher, opened } = opening(ours, by);
    const bytes = how === 'twice' ? Buffer.concat([first, first]) : second;
    expect(() => decipher.decrypt(bytes, 0, bytes.length)).toThrow();
    expect(opened.length).toBe(how === 'twice' ? 1 : 0);
  });

  test('padding of more than there is is refused', () => {
    const by = setting(name);
    const sent: Buffer[] = [];
    const onWrite = (bytes: Buffer) => sent.push(Buffer.from(bytes));
    const outbound = {
      cipherInfo: infoOf(name),
      cipherKey: by.key,
      cipherIV: Buffer.from(by.iv),
      seqno: 0,
      onWrite,
    };
    const cipher = ours.createCipher({ outbound }) as PacketCipher;
    const packet = cipher.allocPacket(10);
    packet[4] = 200;
    cipher.encrypt(packet);
    const bytes = Buffer.concat(sent);
    expect(() => opening(ours, by).decipher.decrypt(bytes, 0, bytes.length)).toThrow('padding');
  });

  test('what follows a packet that ends the keys is left', () => {
    const by = setting(name);
    const { decipher } = opening(ours, by);
    decipher._onPayload = () => false;
    const one = sealed(theirs, by, [Buffer.from('newkeys')]);
    const bytes = Buffer.concat([one, Buffer.from('rest')]);
    expect(decipher.decrypt(bytes, 0, bytes.length)).toBe(one.length);
  });
});

test.each([0, 8, 15, 17, 35_008, 0xffff_fff0])(
  'a length of %i is refused before anything is kept for it',
  (length) => {
    const { decipher } = opening(ours, setting('aes128-gcm@openssh.com'));
    const head = Buffer.alloc(4);
    head.writeUInt32BE(length);
    expect(() => decipher.decrypt(head, 0, 4)).toThrow('Bad packet length');
  },
);
