// What no client sends before it has logged in: the connection is closed, and others are served.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { string, uint32 } from '../../../src/sftp/protocol/wire.ts';
import { type SftpSite, startSite } from '../an-sftp-server.ts';

let site: SftpSite;

beforeAll(async () => {
  site = await startSite();
});

afterAll(async () => {
  expect((await site.sftp(['pwd'])).status).toBe(0);
  expect(site.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  await site.remove();
});

const KEXINIT = 20;
const NEWKEYS = Buffer.of(21);
const KEY_EXCHANGE_FAILED = Buffer.of(1, 0, 0, 0, 3); // SSH_MSG_DISCONNECT (RFC 4253, 11.1)
const REPLY = Buffer.of(31, 0, 0, 0, 51); // with a host key of 51 bytes
const RAW = { format: 'raw-public' } as const;

const HYBRID = 'mlkem768x25519-sha256';
const REST = [
  'ssh-ed25519',
  ...['aes128-gcm@openssh.com', 'aes128-gcm@openssh.com', 'hmac-sha2-256-etm@openssh.com'],
  ...['hmac-sha2-256-etm@openssh.com', 'none', 'none', '', ''],
];

function kexinit(methods: string, guess = 0): Buffer {
  const lists = [methods, ...REST].map((list) => string(list));
  return Buffer.concat([Buffer.of(KEXINIT), randomBytes(16), ...lists, Buffer.of(guess), uint32(0)]);
}

const STRICT = kexinit(`${HYBRID},ext-info-c,kex-strict-c-v00@openssh.com`);
const LAX = kexinit(HYBRID);
const client = Buffer.concat([
  generateKeyPairSync('ml-kem-768').publicKey.export(RAW),
  generateKeyPairSync('x25519').publicKey.export(RAW),
]);
const init = (keys: Buffer, type = 30) => Buffer.concat([Buffer.of(type), string(keys)]);

/** In the clear (RFC 4253, 6). */
function packet(payload: Buffer): Buffer {
  const padding = 16 - ((payload.length + 5) % 8);
  return Buffer.concat([
    uint32(1 + payload.length + padding),
    Buffer.of(padding),
    payload,
    Buffer.alloc(padding),
  ]);
}

/** Sends the packets, and what comes after them, and resolves to all that the server says until it closes the connection. */
async function send(packets: readonly Buffer[], after = Buffer.alloc(0)): Promise<Buffer> {
  return raw(Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), ...packets.map(packet), after]));
}

async function raw(bytes: Buffer, end = false): Promise<Buffer> {
  const socket = connect(site.port, '127.0.0.1');
  const received: Buffer[] = [];
  socket.on('data', (data) => received.push(data)).on('error', () => {});
  socket.write(bytes);
  if (end) socket.end();
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(received);
}

describe('a KEXINIT is refused', () => {
  test.each([
    ['of one byte', Buffer.of(KEXINIT)],
    ['that ends in its cookie', LAX.subarray(0, 10)],
    ['that ends after the first list', LAX.subarray(0, 17 + 4 + HYBRID.length)],
    ['that ends before the guess', LAX.subarray(0, -5)],
    [
      'whose list is longer than it',
      Buffer.concat([LAX.subarray(0, 17), uint32(0xffff_ffff), LAX.subarray(21)]),
    ],
    ['with no method', kexinit('')],
    ['with methods that nobody has', kexinit('x,,y,\0')],
    ['that wants what is no method', kexinit('kex-strict-s-v00@openssh.com')],
    ['with 30 000 bytes of names', kexinit(','.repeat(30_000))],
  ])('%s', async (_what, payload) => {
    await send([payload]);
  });

  test('that comes twice', async () => {
    expect((await send([LAX, LAX])).includes(KEY_EXCHANGE_FAILED)).toBe(true);
  });
});

describe("a client's keys are refused", () => {
  const changed = (change: (keys: Buffer) => void) => {
    const keys = Buffer.from(client);
    change(keys);
    return keys;
  };
  test.each([0, 1, 32, 1184, 1215, 1217, 30_000])('of %i bytes', async (length) => {
    expect((await send([STRICT, init(Buffer.alloc(length, 1))])).includes(KEY_EXCHANGE_FAILED)).toBe(true);
  });

  test.each([
    ['longer than their message', Buffer.concat([Buffer.of(30), uint32(5000), client])],
    ['with the coefficient q', init(changed((keys) => keys.writeUInt16LE(3329, 0)))],
    ['with the coefficient 4095', init(changed((keys) => keys.writeUInt16LE(4095, 0)))],
    ['with 4095 as the last one', init(changed((keys) => keys.writeUInt16LE(0xfff0, 1150)))],
    ['with all bits set', init(changed((keys) => keys.fill(0xff, 0, 1184)))],
    ['with the point 0', init(changed((keys) => keys.fill(0, 1184)))],
    ['with the point 1', init(changed((keys) => keys.fill(0, 1184).writeUInt8(1, 1184)))],
    ['in another message', init(client, 31)],
    ['in a message of group exchange', init(client, 34)],
  ])('%s', async (_what, message) => {
    expect((await send([STRICT, message])).includes(KEY_EXCHANGE_FAILED)).toBe(true);
  });
});

describe('what comes at the wrong time ends the connection:', () => {
  test.each([
    ['keys before the methods', [init(client)]],
    ['keys twice', [STRICT, init(client), init(client)]],
    ['an IGNORE inside a strict key exchange', [STRICT, Buffer.concat([Buffer.of(2), string('x')])]],
    ['a request for a service before the keys', [LAX, Buffer.concat([Buffer.of(5), string('ssh-userauth')])]],
    ['NEWKEYS before the keys', [LAX, NEWKEYS]],
    ['a wrong guess and nothing right after it', [kexinit(`x,${HYBRID}`, 1), init(client), NEWKEYS]],
  ])('%s', async (_what, packets) => {
    await send(packets);
  });

  test('bytes after NEWKEYS that nobody encrypted', async () => {
    await send([STRICT, init(client), NEWKEYS], randomBytes(40_000));
  });
});

test.each([
  ['the usual methods', STRICT],
  ['a name twice, and names of nobody', kexinit(`x,${HYBRID},${HYBRID},curve25519-sha256`)],
])('%s are no reason to refuse', async (_what, methods) => {
  const good = Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), ...[methods, init(client), NEWKEYS].map(packet)]);
  const said = await raw(good, true);
  expect(said.includes(REPLY)).toBe(true);
  expect(said.includes(KEY_EXCHANGE_FAILED)).toBe(false);
});

test('300 good beginnings with some bytes changed end as they may, and do no harm', async () => {
  const good = Buffer.concat([
    Buffer.from('SSH-2.0-x\r\n'),
    ...[STRICT, init(client), NEWKEYS].map(packet),
    randomBytes(64),
  ]);
  for (let count = 0; count < 300; count += 20) {
    await Promise.all(Array.from({ length: 20 }, () => raw(mutated(good), true)));
  }
});

/** With a few bytes changed, left out or put in, anywhere. */
function mutated(bytes: Buffer): Buffer {
  const random = randomBytes(16);
  const at = random.readUInt32LE(0) % bytes.length;
  const more = random.subarray(8, 8 + ((random[4] ?? 0) % 8));
  const skipped = (random[5] ?? 0) % 3 === 0 ? 0 : more.length;
  return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at + skipped)]);
}

test("a client's first line may come byte by byte, as from some devices", async () => {
  const socket = connect({ port: site.port, host: '127.0.0.1', noDelay: true });
  const said: Buffer[] = [];
  socket.on('data', (data) => said.push(data)).on('error', () => {});
  for (const byte of Buffer.from('SSH-2.0-device_1.0 of the field\r\n')) {
    socket.write(Buffer.of(byte));
    await sleep(2); // or they would come together
  }
  socket.end(Buffer.concat([STRICT, init(client), NEWKEYS].map(packet)));
  await new Promise((resolve) => socket.once('close', resolve));
  expect(Buffer.concat(said).includes(REPLY)).toBe(true);
});
