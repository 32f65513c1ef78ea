import { createHash } from 'node:crypto';
import type { SshKey } from './account.ts';
import { ok, type Result, refused } from './refusal.ts';

export type PublicKey = Omit<SshKey, 'created_at'>;

const TYPES = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa'];
const SHORTEST_RSA = 2048; // bits: NIST SP 800-57 disallows less
const LONGEST_FILE = 100_000; // characters: a key has a few hundred

/**
 * The SSH public keys in a text: one-line keys as `ssh-keygen` writes them (also with options before them, as in
 * `authorized_keys`), or one key in the form of RFC 4716. Refuses what cannot log in here, and says what to do.
 */
export function parsePublicKeys(text: string): Result<readonly PublicKey[], 'invalid_key'> {
  const other = otherThanPublicKeys(text);
  if (other) return refused('invalid_key', other);
  const keys: PublicKey[] = [];
  for (const line of linesOf(text)) {
    const key = parseLine(line);
    if (!key.ok) return key;
    keys.push(key.value);
  }
  return keys.length > 0
    ? ok(keys)
    : refused('invalid_key', 'There is no key in it. A public key begins with ssh-ed25519.');
}

/** What people hand in by mistake. */
function otherThanPublicKeys(text: string): string | undefined {
  if (text.length > LONGEST_FILE) return 'It is far too long for a public key.';
  if (/^-----BEGIN .*PRIVATE KEY-----/m.test(text)) {
    return 'This is a private key. Give the public one, the file that ends in .pub, and keep this one to yourself.';
  }
  if (text.startsWith('PuTTY-User-Key-File')) {
    return 'This is a PuTTY private key. Open it in PuTTYgen and give the text under "Public key for pasting".';
  }
  return undefined;
}

function linesOf(text: string): string[] {
  const rfc4716 = /^---- BEGIN SSH2 PUBLIC KEY ----$([\s\S]*)^---- END SSH2 PUBLIC KEY ----$/m.exec(
    text.replaceAll('\r', ''),
  )?.[1];
  if (rfc4716 === undefined)
    return text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const body = rfc4716
    .replace(/\\\n/g, '')
    .replace(/^.*:.*$/gm, '')
    .replace(/\s/g, '');
  return [`${readString(Buffer.from(body, 'base64'), 0)?.text ?? ''} ${body}`];
}

function parseLine(line: string): Result<PublicKey, 'invalid_key'> {
  const parts =
    /(?:^|\s)(ssh-[a-z0-9-]+|ecdsa-[a-z0-9-]+|sk-[a-z0-9@.-]+)\s+([A-Za-z0-9+/]+=*)(?:\s+(.*))?$/.exec(
      line.trim(),
    );
  const [, type = '', base64 = '', comment = ''] = parts ?? [];
  if (!parts)
    return refused(
      'invalid_key',
      'It is no SSH public key. A public key is one line that begins with ssh-ed25519.',
    );
  if (!TYPES.includes(type)) {
    return refused(
      'invalid_key',
      `Keys of type ${type} cannot log in here. Make one with: ssh-keygen -t ed25519`,
    );
  }
  const blob = Buffer.from(base64, 'base64');
  if (readString(blob, 0)?.text !== type)
    return refused('invalid_key', `The ${type} key is damaged: copy it again, as one line.`);
  if (type === 'ssh-rsa' && rsaBits(blob) < SHORTEST_RSA) {
    return refused(
      'invalid_key',
      `The RSA key has ${rsaBits(blob)} bits, fewer than ${SHORTEST_RSA}. Make one with: ssh-keygen -t ed25519`,
    );
  }
  return ok({ type, blob, fingerprint: fingerprintOf(blob), comment: comment.slice(0, 200) });
}

/** `SHA256:…`, as OpenSSH prints it. */
export function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** RFC 4253, 6.6: string "ssh-rsa", mpint e, mpint n. */
function rsaBits(blob: Buffer): number {
  const exponent = readString(blob, readString(blob, 0)?.end ?? 0);
  const modulus = exponent && readString(blob, exponent.end);
  const hex = modulus?.bytes.toString('hex').replace(/^0+/, '') ?? '';
  return hex === '' ? 0 : hex.length * 4 - Math.clz32(Number.parseInt(hex[0] ?? '0', 16)) + 28;
}

function readString(buffer: Buffer, at: number): { bytes: Buffer; text: string; end: number } | undefined {
  if (at + 4 > buffer.length) return undefined;
  const end = at + 4 + buffer.readUInt32BE(at);
  if (end > buffer.length) return undefined;
  const bytes = buffer.subarray(at + 4, end);
  return { bytes, text: bytes.toString('latin1'), end };
}
