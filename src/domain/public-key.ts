import { createHash } from 'node:crypto';
import type { Fingerprint, SshKey } from './account.ts';
import { type KeyOptions, parseKeyOptions } from './key-options.ts';
import { ok, type Result, refused } from './refusal.ts';
import { stringsIn, unlessTruncated } from './ssh-wire.ts';

export type PublicKey = Omit<SshKey, 'created_at'>;

const SHORTEST_RSA = 2048; // bits: NIST SP 800-57 disallows less
const UNCOMPRESSED = 4; // the first byte of a point that has both coordinates (SEC 1, 2.3.3)
const LONGEST_FILE = 100_000; // characters: a key has a few hundred
const LONGEST_COMMENT = 200; // characters
const NO_KEY = 'It is no SSH public key. A public key is a line that begins with ssh-ed25519.';
const MAKE_ONE = 'Make one with: ssh-keygen -t ed25519';

const KEY_LINE = /^((?:ssh|ecdsa|sk)-[a-z0-9@.-]+)\s+([A-Za-z0-9+/]+=*)(?:\s+(.*))?$/;
const OPTIONS_LINE = /^((?:[^\s"]|"(?:[^"\\]|\\.)*")+)\s+((?:ssh|ecdsa|sk)-[a-z0-9@.-]+\s+AAAA.*)$/;

/** Whether the fields of a blob after its type are what they must be (RFC 8709, 4; RFC 5656, 3.1; RFC 4253, 6.6). */
const WELL_FORMED = new Map<string, (fields: readonly Buffer[]) => boolean>([
  ['ssh-ed25519', ([key, ...more]) => key?.length === 32 && more.length === 0],
  ['ecdsa-sha2-nistp256', (fields) => isPoint(fields, 'nistp256', 65)],
  ['ecdsa-sha2-nistp384', (fields) => isPoint(fields, 'nistp384', 97)],
  ['ecdsa-sha2-nistp521', (fields) => isPoint(fields, 'nistp521', 133)],
  ['ssh-rsa', (fields) => fields.length === 2],
]);

/**
 * The SSH public keys in a text: one-line keys as `ssh-keygen` writes them and `authorized_keys` lists them, or one
 * key in the form of RFC 4716. Refuses what cannot log in here, and says what to do.
 */
export function parsePublicKeys(text: string): Result<readonly PublicKey[], 'invalid_key'> {
  const mistake = mistakenFor(text);
  if (mistake) return refused('invalid_key', mistake);
  const keys: PublicKey[] = [];
  const lines = linesOf(text);
  for (const { line, number } of lines) {
    const key = parseLine(line);
    if (!key.ok) return lines.length > 1 ? refused(key.code, `Line ${number}: ${key.message}`) : key;
    keys.push(key.value);
  }
  if (keys.length === 0) {
    return refused(
      'invalid_key',
      'There is no key in it. A public key is a line that begins with ssh-ed25519.',
    );
  }
  return ok(keys);
}

/** `SHA256:…`, as OpenSSH prints it. */
export function fingerprintOf(blob: Uint8Array): Fingerprint {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** What people hand in instead of a public key. */
function mistakenFor(text: string): string | undefined {
  if (text.length > LONGEST_FILE) return 'It is far too long for a public key.';
  if (/^-----BEGIN .*PRIVATE KEY-----/m.test(text)) {
    return 'This is a private key. Give the public one, the file that ends in .pub, and keep this one to yourself.';
  }
  if (text.startsWith('PuTTY-User-Key-File')) {
    return 'This is a PuTTY private key. Open it in PuTTYgen and give the text under "Public key for pasting".';
  }
  return undefined;
}

/** The lines with a key; RFC 4716's form is brought to one. */
function linesOf(text: string): { line: string; number: number }[] {
  const clean = text.replace(/^\uFEFF/, '').replaceAll('\r', '');
  const block = /^---- BEGIN SSH2 PUBLIC KEY ----\n(.*?)^---- END SSH2 PUBLIC KEY ----/ms.exec(clean)?.[1];
  if (block !== undefined) {
    const unfolded = block.replaceAll('\\\n', '');
    const comment = /^Comment: *"?(.*?)"?$/im.exec(unfolded)?.[1] ?? '';
    const base64 = unfolded.replace(/^.*:.*$/gm, '').replaceAll('\n', '');
    const type = unlessTruncated(() => stringsIn(Buffer.from(base64, 'base64')))?.[0] ?? 'damaged';
    return [{ line: `${type} ${base64} ${comment}`, number: 1 }];
  }
  return clean
    .split('\n')
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '' && !line.startsWith('#'));
}

function parseLine(line: string): Result<PublicKey, 'invalid_key'> {
  const [, before = '', rest = ''] = OPTIONS_LINE.exec(line) ?? [];
  if (before === '') return parseKey(line, { from: [] });
  const options = parseKeyOptions(before);
  return options.ok ? parseKey(rest, options.value) : options;
}

function parseKey(line: string, options: KeyOptions): Result<PublicKey, 'invalid_key'> {
  const [, type = '', base64 = '', comment = ''] = KEY_LINE.exec(line) ?? [];
  const blob = Buffer.from(base64, 'base64');
  const problem = type === '' ? NO_KEY : problemWithKey(type, blob);
  if (problem) return refused('invalid_key', problem);
  const described = { fingerprint: fingerprintOf(blob), comment: comment.slice(0, LONGEST_COMMENT) };
  return ok({ type, blob, ...described, ...options });
}

/** Why a key of a type, in its RFC 4253 wire form, cannot log in here, and what to do; undefined when it can. */
export function problemWithKey(type: string, blob: Uint8Array): string | undefined {
  if (type.includes('-cert-v')) {
    return 'This is a certificate. Give the public key of the authority that signed it.';
  }
  const wellFormed = WELL_FORMED.get(type);
  if (!wellFormed) return `Keys of type ${type} cannot log in here. ${MAKE_ONE}`;
  const [inside, ...fields] = unlessTruncated(() => stringsIn(blob)) ?? [];
  if (inside?.toString() !== type || !wellFormed(fields)) {
    return `The ${type} key is damaged: copy it again, whole and as one line.`;
  }
  const bits = type === 'ssh-rsa' ? bitsOf(fields[1]) : undefined;
  if (bits !== undefined && bits < SHORTEST_RSA) {
    return `The RSA key has ${bits} bits, fewer than ${SHORTEST_RSA}. ${MAKE_ONE}`;
  }
  return undefined;
}

function isPoint([name, point, ...more]: readonly Buffer[], curve: string, bytes: number): boolean {
  return (
    name?.toString() === curve && point?.length === bytes && point[0] === UNCOMPRESSED && more.length === 0
  );
}

/** The length of a number in bits, without leading zeros. */
function bitsOf(number: Buffer | undefined): number {
  return number && number.length > 0 ? BigInt(`0x${number.toString('hex')}`).toString(2).length : 0;
}
