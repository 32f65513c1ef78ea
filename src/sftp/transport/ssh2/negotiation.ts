// What ssh2 1.17.0 does not do when keys are exchanged, done around its own negotiation: mlkem768x25519-sha256, and right
// `server-sig-algs` (a comma is missing, and SHA-1 is in it), RSA host keys (they bring `ssh-rsa`), and the packet that a
// client sends on a guess (it is always dropped, and Dropbear waits for ever). Negotiation, strict key exchange,
// exchange hash, signature and key derivation stay ssh2's.
import { string, uint32 } from '../../protocol/wire.ts';
import { SIGNATURE_ALGORITHMS } from '../algorithms.ts';
import { answerHybrid, HYBRID } from './hybrid.ts';
import { readKexinit, withMethods } from './kexinit.ts';
import { changed, type Exchange, MESSAGE, type Protocol, send } from './private-parts.ts';

const STANDS_IN = 'curve25519-sha256'; // what ssh2 is made to negotiate where the hybrid is chosen

type Lists = { readonly serverHostKey: readonly string[] };

/** What ssh2's kex.js exports. */
export type Kex = {
  KexInit: new (lists: Lists) => object;
  onKEXPayload: (this: Protocol, state: { firstPacket: boolean }, payload: Buffer) => unknown;
  HANDLERS: Record<number, (protocol: Protocol, payload: Buffer) => unknown>;
};

/** Replaces three exports of ssh2's key exchange; the rest of ssh2 must not have been loaded. */
export function replaceKeyExchange(kex: Kex): void {
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
    const names = string(SIGNATURE_ALGORITHMS.join());
    send(protocol, Buffer.concat([Buffer.of(MESSAGE.extInfo), uint32(1), string('server-sig-algs'), names]));
    complete(...args);
  };
}
