// What ssh2 1.17.0 does not do by itself on a connection: a word of goodbye, global requests, an answer to every request.
import type { Connection } from 'ssh2';
import { string, uint32 } from '../../protocol/wire.ts';
import { PacketCipher } from './packet-cipher.ts';
import { PacketDecipher } from './packet-decipher.ts';
import { MESSAGE, type Protocol, partsOf, send } from './private-parts.ts';

const BY_APPLICATION = 11; // SSH_DISCONNECT_BY_APPLICATION

/** Says goodbye with a text for the person at the client (RFC 4253, 11.1), which ssh2 leaves empty. */
export function disconnect(connection: Connection, text: string): void {
  const goodbye = [Buffer.of(MESSAGE.disconnect), uint32(BY_APPLICATION), string(text), string('en')];
  send(partsOf(connection)._protocol, Buffer.concat(goodbye), true);
}

/** Sends a global request that wants no answer (RFC 4254, 4). */
export function sendGlobalRequest(connection: Connection, name: string, data: Buffer): void {
  const request = [Buffer.of(MESSAGE.globalRequest), string(name), Buffer.of(0), data];
  send(partsOf(connection)._protocol, Buffer.concat(request));
}

/** Answers global requests of that name, which ssh2 would refuse, once somebody is logged in; undefined refuses. */
export function answerGlobalRequest(
  connection: Connection,
  name: string,
  answer: (data: Buffer, sessionId: Buffer) => Buffer | undefined,
): void {
  const { _handlers } = partsOf(connection)._protocol;
  const others = _handlers.GLOBAL_REQUEST;
  _handlers.GLOBAL_REQUEST = (protocol, asked, wantReply, data) => {
    const sessionId = protocol._kex?.sessionID;
    if (asked !== name || !wantReply || !connection.authenticated || !sessionId || !Buffer.isBuffer(data)) {
      return others(protocol, asked, wantReply, data);
    }
    const answered = answer(data, sessionId);
    if (answered) protocol.requestSuccess(answered);
    else protocol.requestFailure();
  };
}

/** Channel requests that want an answer get one also when the channel is in use: ssh2 would be silent, and PuTTY wait for ever. */
export function answerChannelRequests(connection: Connection): void {
  const { _protocol, _chanMgr } = partsOf(connection);
  const { _handlers } = _protocol;
  const others = _handlers.CHANNEL_REQUEST;
  _handlers.CHANNEL_REQUEST = (protocol, channel, type, wantReply, data) => {
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

/** Throws when a connection that has exchanged keys lacks a part that is used here. */
export function checkParts(connection: Connection): void {
  const { _protocol: protocol, _chanMgr: channels } = partsOf(connection);
  const { alloc, finalize, allocStart, allocStartKEX } = protocol?._packetRW?.write ?? {};
  const { requestSuccess, requestFailure, channelFailure, _cipher, _handlers } = protocol ?? {};
  const methods: unknown[] = [alloc, finalize, requestSuccess, requestFailure, channelFailure];
  methods.push(_cipher?.encrypt, _handlers?.GLOBAL_REQUEST, _handlers?.CHANNEL_REQUEST, channels?.get);
  if (!methods.every((part) => typeof part === 'function')) throw new Error('it has other methods');
  const fields = '_kexinit' in protocol && '_queue' in protocol;
  if (!fields || !Number.isInteger(allocStart) || !Number.isInteger(allocStartKEX)) {
    throw new Error('it has other fields');
  }
  checkCiphers(protocol);
}

/** Of a strict key exchange, after which both sides count from 0 on (OpenSSH's PROTOCOL, 1.10); EXT_INFO has been sent. */
function checkCiphers({ _cipher: cipher, _decipher: decipher }: Protocol): void {
  if (!(cipher instanceof PacketCipher && decipher instanceof PacketDecipher)) {
    throw new Error('it makes ciphers of its own');
  }
  if (typeof decipher._onPayload !== 'function') throw new Error('its messages go elsewhere');
  if (cipher.outSeqno !== 1 || decipher.inSeqno !== 0)
    throw new Error('its ciphers begin with other numbers');
}
