// The private parts of ssh2 1.17.0 that are used, as types, and how they are reached. Nobody outside of this folder does.
import { createRequire } from 'node:module';
import type { Connection } from 'ssh2';

export const MESSAGE = { disconnect: 1, extInfo: 7, kexinit: 20, globalRequest: 80 };

const require = createRequire(import.meta.url);

/** One key exchange, on its way or done. */
export type Exchange = {
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
type ChannelRequest = (
  protocol: Protocol,
  channel: number,
  type: string,
  wantReply: boolean,
  data: unknown,
) => void;

/** The transport of one connection. */
export type Protocol = {
  readonly _server: boolean;
  readonly _offer: { lists: Record<'kex' | 'serverHostKey', { array: readonly string[] }> };
  readonly _kex: Exchange | undefined;
  readonly _kexinit?: Buffer;
  readonly _queue?: readonly Buffer[];
  readonly _packetRW: {
    readonly write: {
      readonly allocStart: number;
      readonly allocStartKEX: number;
      alloc(length: number, always: boolean): Buffer;
      finalize(packet: Buffer, always: boolean): Buffer;
    };
  };
  readonly _cipher: { encrypt(packet: Buffer): void };
  readonly _decipher: object | undefined;
  readonly _handlers: { GLOBAL_REQUEST: GlobalRequest; CHANNEL_REQUEST: ChannelRequest };
  _buffer: Buffer | undefined;
  _skipNextInboundPacket: boolean;
  _onHandshakeComplete: (...args: unknown[]) => void;
  parse(chunk: Buffer, start: number, end: number): void;
  requestSuccess(data: Buffer): void;
  requestFailure(): void;
  channelFailure(channel: number): void;
};

type Utils = { sendPacket(protocol: Protocol, packet: Buffer, always: boolean): void };

type Session = {
  readonly _channel?: object;
  readonly _ending?: boolean;
  readonly _chanInfo?: { readonly outgoing: { readonly id: number } };
};

type Parts = {
  readonly _protocol: Protocol;
  readonly _chanMgr: { get(channel: number): Session | undefined };
};

export function partsOf(connection: Connection): Parts {
  return connection as unknown as Parts;
}

/** For an ssh2 whose parts are not these. */
export function changed(what: string, cause?: unknown): Error {
  return new Error(`ssh2 is not as this server knows it: ${what}. Install it again with npm ci.`, { cause });
}

/** Sends a message. Those that may not be `always` sent wait for the end of a key exchange. */
export function send(protocol: Protocol, message: Buffer, always = false): void {
  const utils: Utils = require('ssh2/lib/protocol/utils.js'); // not before the key exchange is replaced
  const { write } = protocol._packetRW;
  const start = always ? write.allocStartKEX : write.allocStart; // an encrypted packet has room for its head before it
  const packet = write.alloc(message.length, always);
  packet.set(message, start);
  utils.sendPacket(protocol, write.finalize(packet, always), always);
}
