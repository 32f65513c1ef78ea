import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fingerprintOf } from '../../domain/public-key.ts';
import { makeDurable, syncDirectory } from '../../inbox/durable.ts';
import { generateKeyPair, ssh2 } from './ssh2.ts';

const FILE = 'ssh_host_ed25519_key';
const TYPE = 'ssh-ed25519';

export type HostKey = {
  readonly privateKey: string; // OpenSSH form
  readonly publicKey: string; // `ssh-ed25519 AAAA…`
  readonly fingerprint: string; // SHA256:…
};

/** The host key of a data directory; made at the first start and kept, as clients remember it. */
export async function loadHostKey(directory: string): Promise<HostKey> {
  const file = join(directory, FILE);
  const privateKey = (await existing(file)) ?? (await make(directory));
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error)
    throw new Error(`${file} is no host key: ${parsed.message}`, { cause: parsed });
  if (parsed.type !== TYPE || !parsed.isPrivateKey()) {
    throw new Error(
      `${file} is no private key of type ${TYPE}; move it away, and one is made at the next start`,
    );
  }
  const blob = parsed.getPublicSSH();
  return { privateKey, publicKey: `${TYPE} ${blob.toString('base64')}`, fingerprint: fingerprintOf(blob) };
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
