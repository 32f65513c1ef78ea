// Certificates as ssh-keygen issues them, and such as it never would.
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Certificate, parseCertificate } from '../../../src/domain/certificate.ts';
import { sshStrings } from '../../../src/domain/ssh-wire.ts';

/** Issues a certificate for the key at `file`, for `partner` unless options say otherwise; resolves to its file. */
export function issue(ca: string, file: string, options: readonly string[] = ['-n', 'partner']): string {
  const copy = join(mkdtempSync(join(dirname(file), 'certificate-')), 'id.pub');
  copyFileSync(`${file}.pub`, copy);
  const args = ['-q', '-s', ca, '-I', 'a laptop', ...options, copy];
  const { status, stderr } = spawnSync('ssh-keygen', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ssh-keygen ${args.join(' ')}: ${stderr}`);
  return copy.replace(/\.pub$/, '-cert.pub');
}

export function blobIn(file: string): Buffer {
  return Buffer.from(readFileSync(file, 'utf8').split(' ')[1] ?? '', 'base64');
}

export type Pair = { readonly blob: Buffer; readonly privateKey: KeyObject };

export function ed25519Pair(): Pair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  return { blob: sshStrings(Buffer.from('ssh-ed25519'), raw), privateKey };
}

type Parts = {
  type?: string;
  /** What the certified key consists of, after its type. */
  key?: Buffer;
  serial?: bigint;
  kind?: number;
  principals?: readonly string[];
  validAfter?: bigint;
  validBefore?: bigint;
  critical?: readonly (readonly [string, Buffer])[];
  extensions?: Buffer;
  authority?: Buffer;
  after?: Buffer;
};

/** A certificate, properly signed, that says whatever it is told to say. */
export function craft(ca: Pair, parts: Parts = {}): Buffer {
  const options = (parts.critical ?? []).map(([name, data]) => sshStrings(Buffer.from(name), data));
  const principals = (parts.principals ?? ['partner']).map((one) => Buffer.from(one));
  const signed = Buffer.concat([
    sshStrings(Buffer.from(parts.type ?? 'ssh-ed25519-cert-v01@openssh.com'), Buffer.alloc(32, 7)),
    parts.key ?? fieldsOf(ed25519Pair()),
    uint64(parts.serial ?? 5n),
    uint64(BigInt(parts.kind ?? 1)).subarray(4),
    sshStrings(Buffer.from('crafted'), sshStrings(...principals)),
    uint64(parts.validAfter ?? 0n),
    uint64(parts.validBefore ?? 2n ** 64n - 1n),
    sshStrings(
      Buffer.concat(options),
      parts.extensions ?? Buffer.of(),
      Buffer.of(),
      parts.authority ?? ca.blob,
    ),
  ]);
  const signature = sshStrings(Buffer.from('ssh-ed25519'), sign(null, signed, ca.privateKey));
  return Buffer.concat([signed, sshStrings(signature), parts.after ?? Buffer.of()]);
}

/** An Ed25519 key without its type. */
export function fieldsOf({ blob }: Pair): Buffer {
  return sshStrings(blob.subarray(-32));
}

export function parsed(blob: Buffer): Certificate {
  const certificate = parseCertificate(blob);
  if (!certificate) throw new Error('the certificate cannot be read');
  return certificate;
}

function uint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}
