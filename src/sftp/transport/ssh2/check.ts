// One connection in memory, and a client's half of its key exchange, on its own: it computes the exchange hash from what
// was really sent, and so sees whether our part and ssh2's fit together.
import {
  createHash,
  createPublicKey,
  decapsulate,
  diffieHellman,
  generateKeyPairSync,
  randomBytes,
} from 'node:crypto';
import { once } from 'node:events';
import { type Duplex, duplexPair } from 'node:stream';
import { string, uint32, WireReader } from '../../protocol/wire.ts';
import { ALGORITHMS } from '../algorithms.ts';
import { HYBRID } from './hybrid.ts';
import { checkParts } from './live-connection.ts';

const PATIENCE = 10_000; // ms; it takes some twenty
const IDENT = 'SSH-2.0-check';
const MESSAGE = { kexinit: 20, newkeys: 21, init: 30 };
const RAW = { format: 'raw-public' } as const;

/** Exchanges keys with a server of this ssh2 that has this host key; throws what is wrong. */
export async function checkConnection(ssh2: typeof import('ssh2'), hostKey: string): Promise<void> {
  const [client, inside] = duplexPair();
  const failed = Promise.withResolvers<never>();
  const late = setTimeout(() => failed.reject(new Error('there is no answer')), PATIENCE);
  const negotiated = new Promise<string>((resolve) => {
    const server = new ssh2.Server({ hostKeys: [hostKey], algorithms: ALGORITHMS }, (connection) => {
      connection.on('error', failed.reject);
      connection.on('handshake', ({ kex }) => {
        try {
          checkParts(connection);
          resolve(kex);
        } catch (error) {
          failed.reject(error);
        }
      });
    });
    server.injectSocket(inside as never);
  });
  try {
    const done = Promise.all([exchange(client), negotiated]);
    const [{ hash, signature }, kex] = await Promise.race([done, failed.promise]);
    const key = ssh2.utils.parseKey(hostKey);
    if (kex !== HYBRID) throw new Error(`${kex} was negotiated`);
    if (key instanceof Error || key.verify(hash, signature) !== true) {
      throw new Error('the host key did not sign what was exchanged');
    }
  } finally {
    clearTimeout(late);
    client.destroy();
    inside.destroy();
  }
}

/** Sends everything at once, the first packet on a guess, which is right. Resolves to the exchange hash and the server's signature. */
async function exchange(stream: Duplex): Promise<{ hash: Buffer; signature: Buffer }> {
  const kem = generateKeyPairSync('ml-kem-768');
  const curve = generateKeyPairSync('x25519');
  const init = Buffer.concat([kem.publicKey.export(RAW), curve.publicKey.export(RAW)]);
  const kexinit = clientKexinit();
  for (const piece of `${IDENT}\r\n`) stream.write(piece);
  for (const payload of [
    kexinit,
    Buffer.concat([Buffer.of(MESSAGE.init), string(init)]),
    Buffer.of(MESSAGE.newkeys),
  ]) {
    stream.write(packet(payload));
  }
  const ident = await readLine(stream);
  const serverKexinit = await readPacket(stream);
  const answer = new WireReader((await readPacket(stream)).subarray(1));
  const [hostKey, reply, signed] = [answer.bytes(), answer.bytes(), new WireReader(answer.bytes())];
  signed.bytes(); // the algorithm's name
  const agreed = diffieHellman({
    privateKey: curve.privateKey,
    publicKey: createPublicKey({ ...RAW, key: reply.subarray(-32), asymmetricKeyType: 'x25519' }),
  });
  const secret = sha256(decapsulate(kem.privateKey, reply.subarray(0, -32)), agreed);
  const exchanged = [Buffer.from(IDENT), ident, kexinit, serverKexinit, hostKey, init, reply, secret];
  return { hash: sha256(...exchanged.map((part) => string(part))), signature: signed.bytes() };
}

function clientKexinit(): Buffer {
  const { serverHostKey, cipher, hmac, compress } = ALGORITHMS;
  const lists = [
    [HYBRID, 'ext-info-c', 'kex-strict-c-v00@openssh.com'],
    serverHostKey,
    cipher,
    cipher,
    hmac,
    hmac,
    compress,
    compress,
    [],
    [],
  ];
  const names = lists.map((list) => string(String(list)));
  return Buffer.concat([
    Buffer.of(MESSAGE.kexinit),
    randomBytes(16),
    ...names,
    Buffer.of(1), // first_kex_packet_follows
    uint32(0),
  ]);
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** A packet before there are keys (RFC 4253, 6): in all a multiple of 8 bytes, at least 4 of them padding. */
function packet(payload: Buffer): Buffer {
  const padding = 4 + ((16 - ((payload.length + 9) % 8)) % 8);
  const head = Buffer.concat([uint32(1 + payload.length + padding), Buffer.of(padding)]);
  return Buffer.concat([head, payload, Buffer.alloc(padding)]);
}

async function readPacket(stream: Duplex): Promise<Buffer> {
  const length = (await read(stream, 4)).readUInt32BE(0);
  const rest = await read(stream, length);
  return rest.subarray(1, length - (rest[0] ?? 0));
}

async function readLine(stream: Duplex): Promise<Buffer> {
  const bytes: Buffer[] = [];
  for (let byte = await read(stream, 1); byte[0] !== 0x0a; byte = await read(stream, 1)) bytes.push(byte);
  return Buffer.concat(bytes).subarray(0, -1);
}

async function read(stream: Duplex, length: number): Promise<Buffer> {
  for (;;) {
    const bytes = stream.read(length) as Buffer | null;
    if (bytes) return bytes;
    await once(stream, 'readable');
  }
}
