// The one door to ssh2, and the only place that reaches into its private parts. Three exports of its key exchange are
// replaced before the rest of it is loaded; so a server of it has mlkem768x25519-sha256, and does right what 1.17.0
// does not: `server-sig-algs` (a comma is missing, and SHA-1 is in it), RSA host keys (they bring `ssh-rsa`), the packet
// that a client sends on a guess (it is always dropped, and Dropbear waits for ever), a client's first line in three
// pieces or more (the middle is lost). Negotiation, strict key exchange, exchange hash, signature, key derivation and
// ciphers stay ssh2's. A changed ssh2 is refused at start.
import { createRequire } from 'node:module';
import type { Connection } from 'ssh2';
import { string, uint32 } from '../protocol/wire.ts';
import { SIGNATURE_ALGORITHMS } from './algorithms.ts';
import { readKexinit, withMethods } from './kexinit.ts';
import { answerHybrid, HYBRID } from './key-exchange.ts';
import { packetCrypto } from './packet-crypto.ts';
import { checkKeyExchange } from './ssh2-check.ts';

const VERSION = '1.17.0';
const STANDS_IN = 'curve25519-sha256'; // what ssh2 is made to negotiate where the hybrid is chosen
const MESSAGE = { extInfo: 7, kexinit: 20, globalRequest: 80 };

type Lists = { readonly serverHostKey: readonly string[] };

type Exchange = {
  readonly negotiated: { kex: string };
  readonly hashName: string;
  readonly sessionID: Buffer | undefined;
  remoteExtInfoEnabled: boolean;
  _remoteKexinit: Buffer;
  computeSecret: (init: Buffer) => Buffer | Error;
  convertPublicKey: (key: Buffer) => Buffer;
  getPublicKey: () => Buffer;
};

type GlobalRequest = (protocol: Protocol, name: string, wantReply: boolean, data: unknown) => void;

type Protocol = {
  readonly _server: boolean;
  readonly _offer: { lists: Record<'kex' | 'serverHostKey', { array: readonly string[] }> };
  readonly _kex: Exchange | undefined;
  readonly _packetRW: {
    write: {
      readonly allocStart: number;
      alloc(length: number): Buffer;
      finalize(packet: Buffer): Buffer;
    };
  };
  readonly _handlers: { GLOBAL_REQUEST: GlobalRequest };
  readonly _decipher: object | undefined;
  _buffer: Buffer | undefined;
  _skipNextInboundPacket: boolean;
  _onHandshakeComplete: (...args: unknown[]) => void;
  parse(chunk: Buffer, start: number, end: number): void;
  requestSuccess(data: Buffer): void;
  requestFailure(): void;
};

type Kex = {
  KexInit: new (lists: Lists) => object;
  onKEXPayload: (this: Protocol, state: { firstPacket: boolean }, payload: Buffer) => unknown;
  HANDLERS: Record<number, (protocol: Protocol, payload: Buffer) => unknown>;
};

const require = createRequire(import.meta.url);

if (require('ssh2/package.json').version !== VERSION) throw changed(`it is not version ${VERSION}`);
if (require.resolve('ssh2/lib/protocol/Protocol.js') in require.cache)
  throw changed('it was loaded by somebody else before');
loadPacketCiphers();
const constants: { SUPPORTED_KEX: string[] } = require('ssh2/lib/protocol/constants.js');
const utils: { sendPacket(protocol: Protocol, packet: Buffer): void } = require('ssh2/lib/protocol/utils.js');
if (constants.SUPPORTED_KEX?.includes(HYBRID) !== false) throw changed(`it has ${HYBRID} already`);
constants.SUPPORTED_KEX.push(HYBRID);
replaceKeyExchange(require('ssh2/lib/protocol/kex.js'));
keepFirstLine(require('ssh2/lib/protocol/Protocol.js'));

/** ssh2 as it is used here. */
export const ssh2: typeof import('ssh2') = require('ssh2');

try {
  await checkKeyExchange(ssh2, generateKeyPair('check').private);
} catch (error) {
  throw changed(`a key exchange with it fails: ${(error as Error).message}`, error);
}

/** A fresh Ed25519 key pair in OpenSSH's form. One in some three hundred that ssh2 1.17.0 makes cannot be read; those are passed over. */
export function generateKeyPair(comment: string): { private: string; public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment });
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}

/** Sends a global request that wants no answer (RFC 4254, 4). */
export function sendGlobalRequest(connection: Connection, name: string, data: Buffer): void {
  send(protocolOf(connection), MESSAGE.globalRequest, string(name), Buffer.of(0), data);
}

/** Answers global requests of that name, which ssh2 would refuse, once somebody is logged in; undefined refuses. */
export function answerGlobalRequest(
  connection: Connection,
  name: string,
  answer: (data: Buffer, sessionId: Buffer) => Buffer | undefined,
): void {
  const protocol = protocolOf(connection);
  const others = protocol._handlers.GLOBAL_REQUEST;
  protocol._handlers.GLOBAL_REQUEST = (self, asked, wantReply, data) => {
    const sessionId = self._kex?.sessionID;
    if (asked !== name || !wantReply || !connection.authenticated || !sessionId || !Buffer.isBuffer(data)) {
      return others(self, asked, wantReply, data);
    }
    const answered = answer(data, sessionId);
    if (answered) self.requestSuccess(answered);
    else self.requestFailure();
  };
}

function changed(what: string, cause?: unknown): Error {
  return new Error(`ssh2 is not as this server knows it: ${what}. Install it again with npm ci.`, { cause });
}

/** ssh2's ciphers keep what they find in node:crypto when they are loaded; nobody else sees the stand-ins. */
function loadPacketCiphers(): void {
  const crypto: Record<string, unknown> = require('node:crypto');
  const names = Object.keys(packetCrypto) as (keyof typeof packetCrypto)[];
  const real = names.map((name) => [name, Object.getOwnPropertyDescriptor(crypto, name)] as const);
  const taken = new Set<string>();
  for (const name of names) {
    const get = () => {
      taken.add(name);
      return packetCrypto[name];
    };
    Object.defineProperty(crypto, name, { get, configurable: true, enumerable: true });
  }
  require('ssh2/lib/protocol/crypto.js');
  for (const [name, property] of real) Object.defineProperty(crypto, name, property ?? {});
  if (taken.size !== names.length) throw changed('its ciphers take other functions of node:crypto');
}

function protocolOf(connection: Connection): Protocol {
  return (connection as unknown as { _protocol: Protocol })._protocol;
}

function replaceKeyExchange(kex: Kex): void {
  const { KexInit, onKEXPayload: onPayload } = kex;
  const onRekey = kex.HANDLERS[MESSAGE.kexinit];
  if (!KexInit || !onPayload || !onRekey) throw changed('its key exchange has other parts');
  kex.KexInit = class extends KexInit {
    constructor(lists: Lists) {
      super({ ...lists, serverHostKey: lists.serverHostKey.filter((name) => name !== 'ssh-rsa') });
    }
  };
  kex.onKEXPayload = function (state, payload) {
    const proceed = (seen: Buffer) => onPayload.call(this, state, seen);
    return state.firstPacket && payload[0] === MESSAGE.kexinit
      ? negotiate(this, payload, proceed)
      : proceed(payload);
  };
  kex.HANDLERS[MESSAGE.kexinit] = (protocol, payload) =>
    negotiate(protocol, payload, (seen) => onRekey(protocol, seen));
}

/** Until a client's first line is whole, ssh2 keeps the first piece of it in `_buffer`, and only that one. */
function keepFirstLine({ prototype }: { prototype: Protocol }): void {
  const { parse } = prototype;
  prototype.parse = function (chunk, start, end) {
    const before = this._decipher === undefined ? this._buffer : undefined;
    if (!before) return parse.call(this, chunk, start, end);
    const line = Buffer.concat([before, chunk.subarray(start, end)]);
    this._buffer = undefined;
    parse.call(this, line, 0, line.length);
  };
}

/** ssh2 does the work in `proceed`; it sees another name where the hybrid is chosen, and the exchange it makes is then changed. */
function negotiate(protocol: Protocol, kexinit: Buffer, proceed: (seen: Buffer) => unknown): unknown {
  const client = protocol._server ? readKexinit(kexinit) : undefined;
  if (!client) return proceed(kexinit); // our own client; or malformed, which ssh2 finds, too
  const { kex, serverHostKey } = protocol._offer.lists;
  const hybrid = client.kex.find((name) => kex.array.includes(name)) === HYBRID;
  const before = protocol._kex;
  const result = proceed(hybrid ? withMethods(kexinit, client.kex.map(standIn)) : kexinit);
  const exchange = protocol._kex;
  if (!exchange || exchange === before) return result; // refused
  if (hybrid) makeHybrid(exchange, kexinit);
  if (client.guessed) {
    // RFC 4253, 7: right when both sides name the same method and kind of host key first.
    protocol._skipNextInboundPacket =
      client.kex[0] !== kex.array[0] || client.serverHostKey[0] !== serverHostKey.array[0];
  }
  if (!before) tellSignatureAlgorithms(protocol, exchange);
  return result;
}

function standIn(method: string): string {
  return method === HYBRID ? STANDS_IN : method;
}

/** ssh2 calls `convertPublicKey`, `computeSecret` and `getPublicKey`, in that order, and takes all three results as strings. */
function makeHybrid(exchange: Exchange, kexinit: Buffer): void {
  const { negotiated, hashName, _remoteKexinit, computeSecret, convertPublicKey, getPublicKey } = exchange;
  const methods = [computeSecret, convertPublicKey, getPublicKey];
  if (negotiated.kex !== STANDS_IN || hashName !== 'sha256' || !Buffer.isBuffer(_remoteKexinit)) {
    throw changed('its exchange has other fields');
  }
  if (!methods.every((method) => typeof method === 'function'))
    throw changed('its exchange has other methods');
  let reply: Buffer;
  exchange._remoteKexinit = kexinit; // as it came: it enters the exchange hash
  negotiated.kex = HYBRID;
  exchange.convertPublicKey = (key) => key;
  exchange.computeSecret = (init) => {
    try {
      const answer = answerHybrid(init);
      reply = answer.reply;
      return answer.secret;
    } catch (error) {
      return error as Error; // ssh2 disconnects
    }
  };
  exchange.getPublicKey = () => reply;
}

/** Our own EXT_INFO, in the place of ssh2's: the first message after NEWKEYS (RFC 8308, 2.4). */
function tellSignatureAlgorithms(protocol: Protocol, exchange: Exchange): void {
  const complete = protocol._onHandshakeComplete;
  if (typeof exchange.remoteExtInfoEnabled !== 'boolean' || typeof complete !== 'function') {
    throw changed('its extension negotiation has other fields');
  }
  if (!exchange.remoteExtInfoEnabled) return;
  exchange.remoteExtInfoEnabled = false;
  protocol._onHandshakeComplete = (...args) => {
    protocol._onHandshakeComplete = complete;
    send(
      protocol,
      MESSAGE.extInfo,
      uint32(1),
      string('server-sig-algs'),
      string(SIGNATURE_ALGORITHMS.join()),
    );
    complete(...args);
  };
}

function send(protocol: Protocol, type: number, ...fields: readonly Buffer[]): void {
  const message = Buffer.concat([Buffer.of(type), ...fields]);
  const { write } = protocol._packetRW;
  const start = write.allocStart; // an encrypted packet has room for its head before it
  if (!Number.isInteger(start)) throw changed('its packets have other fields');
  const packet = write.alloc(message.length);
  packet.set(message, start);
  utils.sendPacket(protocol, write.finalize(packet));
}
