// A host key can change without an alarm at clients that were told of the next one before: what OpenSSH's clients do with
// UpdateHostKeys (OpenSSH's PROTOCOL, 2.5).
import type { Connection } from 'ssh2';
import { string, WireReader } from '../protocol/wire.ts';
import { type HostKeys, signWith } from './host-key.ts';
import { answerGlobalRequest, sendGlobalRequest } from './ssh2/live-connection.ts';

const ANNOUNCE = 'hostkeys-00@openssh.com';
const PROVE = 'hostkeys-prove-00@openssh.com';

/** Tells a client that has logged in which host keys there are, and proves those that it asks for. */
export function announceHostKeys(connection: Connection, keys: HostKeys): void {
  answerGlobalRequest(connection, PROVE, (asked, sessionId) => prove(asked, sessionId, keys));
  sendGlobalRequest(connection, ANNOUNCE, Buffer.concat(keys.map(({ blob }) => string(blob))));
}

/** A signature of each key, for this session only; undefined when the client asks for what it was not told of, or for too much. */
function prove(asked: Buffer, sessionId: Buffer, keys: HostKeys): Buffer | undefined {
  const wanted = readBlobs(asked).map((blob) => keys.find((key) => key.blob.equals(blob)));
  if (wanted.length === 0 || wanted.length > keys.length) return undefined;
  const signatures: Buffer[] = [];
  for (const key of wanted) {
    if (!key) return undefined;
    const proven = Buffer.concat([string(PROVE), string(sessionId), string(key.blob)]);
    signatures.push(string(signWith(key, proven)));
  }
  return Buffer.concat(signatures);
}

function readBlobs(bytes: Buffer): Buffer[] {
  const blobs: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 4 + (blobs.at(-1)?.length ?? 0)) {
    blobs.push(new WireReader(bytes.subarray(at)).bytes());
  }
  return blobs;
}
