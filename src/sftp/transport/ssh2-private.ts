// What ssh2 1.17.0 does not do by itself, done with its private parts.
import type { Connection } from 'ssh2';
import { string, uint32 } from '../protocol/wire.ts';

const DISCONNECT = 1; // SSH_MSG_DISCONNECT
const BY_APPLICATION = 11; // SSH_DISCONNECT_BY_APPLICATION

type ChannelRequest = (
  protocol: Protocol,
  channel: number,
  type: string,
  wantReply: boolean,
  data: unknown,
) => void;

type Protocol = {
  readonly _packetRW: {
    readonly write: {
      readonly allocStartKEX: number;
      alloc(length: number, always: boolean): Buffer;
      finalize(packet: Buffer, always: boolean): Buffer;
    };
  };
  readonly _cipher: { encrypt(packet: Buffer): void };
  readonly _kexinit?: Buffer;
  readonly _queue?: readonly Buffer[];
  readonly _handlers: { CHANNEL_REQUEST: ChannelRequest };
  channelFailure(channel: number): void;
};

type Session = {
  readonly _channel?: object;
  readonly _ending?: boolean;
  readonly _chanInfo?: { readonly outgoing: { readonly id: number } };
};

type Parts = {
  readonly _protocol: Protocol;
  readonly _chanMgr: { get(channel: number): Session | undefined };
};

/** Says goodbye with a text for the person at the client (RFC 4253, 11.1), which ssh2 leaves empty. */
export function disconnect(connection: Connection, text: string): void {
  const { _packetRW, _cipher } = partsOf(connection)._protocol;
  const { write } = _packetRW;
  const message = Buffer.concat([Buffer.of(DISCONNECT), uint32(BY_APPLICATION), string(text), string('en')]);
  const start = write.allocStartKEX; // these say that it may go in the middle of a key exchange, too
  const packet = write.alloc(message.length, true);
  packet.set(message, start);
  _cipher.encrypt(write.finalize(packet, true));
}

/** Channel requests that want an answer get one also when the channel is in use: ssh2 would be silent, and PuTTY wait for ever. */
export function answerChannelRequests(connection: Connection): void {
  const { _protocol, _chanMgr } = partsOf(connection);
  const others = _protocol._handlers.CHANNEL_REQUEST;
  _protocol._handlers.CHANNEL_REQUEST = (protocol, channel, type, wantReply, data) => {
    const session = _chanMgr.get(channel);
    if (wantReply && session?._chanInfo && (session._channel || session._ending)) {
      protocol.channelFailure(session._chanInfo.outgoing.id);
    } else {
      others(protocol, channel, type, wantReply, data);
    }
  };
}

/** How many packets wait for the end of a key exchange; undefined when there is none. */
export function packetsHeldBack(connection: Connection): number | undefined {
  const { _kexinit, _queue } = partsOf(connection)._protocol;
  return _kexinit === undefined ? undefined : (_queue?.length ?? 0);
}

function partsOf(connection: Connection): Parts {
  return connection as unknown as Parts;
}
