// The server's identity. `ssh_host_ed25519_key` is made at the first start and used; `ssh_host_ed25519_key.next`, which
// the operator makes, is only announced, until the operator renames it: no start ever changes the key by itself.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fingerprintOf } from '../../domain/public-key.ts';
import { makeDurable, syncDirectory } from '../../inbox/durable.ts';
import { string } from '../protocol/wire.ts';
import { generateKeyPair, ssh2 } from './ssh2/ssh2.ts';

const FILE = 'ssh_host_ed25519_key';
const NEXT = `${FILE}.next`;
const TYPE = 'ssh-ed25519';

export type HostKey = {
  readonly privateKey: string; // OpenSSH form
  readonly publicKey: string; // `ssh-ed25519 AAAA…`
  readonly blob: Buffer; // RFC 8709, 4
  readonly fingerprint: string; // SHA256:…
};

/** The key that the server proves itself with, then the one it will have next, if there is one. */
export type HostKeys = readonly [HostKey, ...HostKey[]];

/** The host keys of a data directory; the first is made when it is missing, and kept, as clients remember it. */
export async function loadHostKeys(directory: string): Promise<HostKeys> {
  const nextText = await existing(join(directory, NEXT));
  const next = nextText === undefined ? undefined : parse(nextText, join(directory, NEXT));
  const file = join(directory, FILE);
  const text = await existing(file);
  if (text === undefined && next) {
    throw new Error(
      `${file} is missing, but ${NEXT} is beside it; rename that one to ${FILE} if it is its turn`,
    );
  }
  const current = parse(text ?? (await make(directory)), file);
  return next && next.fingerprint !== current.fingerprint ? [current, next] : [current];
}

/** Signs with the host key; the signature comes with the name of its algorithm (RFC 8709, 6). */
export function signWith({ privateKey }: HostKey, data: Buffer): Buffer {
  const key = ssh2.utils.parseKey(privateKey);
  const signature = key instanceof Error ? key : key.sign(data);
  if (signature instanceof Error) throw signature;
  return Buffer.concat([string(TYPE), string(signature)]);
}

function parse(privateKey: string, file: string): HostKey {
  const key = ssh2.utils.parseKey(privateKey);
  if (key instanceof Error) throw new Error(`${file} is no host key: ${key.message}`, { cause: key });
  if (key.type !== TYPE || !key.isPrivateKey()) {
    throw new Error(`${file} is no private key of type ${TYPE}; move it away, and make one with ssh-keygen`);
  }
  const blob = key.getPublicSSH();
  const publicKey = `${TYPE} ${blob.toString('base64')}`;
  return { privateKey, publicKey, blob, fingerprint: fingerprintOf(blob) };
}

async function existing(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** In one step: a crash leaves the whole key, or none. */
async function make(directory: string): Promise<string> {
  const { private: text } = generateKeyPair('policydrop host key');
  const temporary = join(directory, `${FILE}.new`);
  await writeFile(temporary, text, { mode: 0o600 });
  await makeDurable(temporary);
  await rename(temporary, join(directory, FILE));
  await syncDirectory(directory);
  return text;
}
