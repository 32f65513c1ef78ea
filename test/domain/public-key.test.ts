import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parsePublicKeys } from '../../src/domain/public-key.ts';
import { makeKey, run } from '../sftp/an-sftp-server.ts';

let directory: string;
let file: string;
let line: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'policydrop-'));
  file = makeKey(directory, 'ed25519');
  line = readFileSync(`${file}.pub`, 'utf8');
});

afterAll(() => rmSync(directory, { recursive: true }));

function refusalOf(text: string): string {
  const keys = parsePublicKeys(text);
  if (keys.ok) throw new Error('the key was taken');
  return keys.message;
}

function only(text: string) {
  const keys = parsePublicKeys(text);
  if (!keys.ok) throw new Error(keys.message);
  expect(keys.value).toHaveLength(1);
  return keys.value[0];
}

test.each([
  ['ed25519', undefined, 'ssh-ed25519'],
  ['ecdsa', 256, 'ecdsa-sha2-nistp256'],
  ['ecdsa', 384, 'ecdsa-sha2-nistp384'],
  ['ecdsa', 521, 'ecdsa-sha2-nistp521'],
  ['rsa', 2048, 'ssh-rsa'],
])('a key of type %s (%s bits) is read as ssh-keygen reads it', async (type, bits, name) => {
  const made = type === 'ed25519' ? file : makeKey(directory, type, bits);
  const listed = await run('ssh-keygen', ['-lf', `${made}.pub`]);
  const text = readFileSync(`${made}.pub`, 'utf8');
  const key = only(text);
  expect(key).toMatchObject({ type: name, comment: 'a comment', fingerprint: listed.stdout.split(' ')[1] });
  expect(Buffer.from(key?.blob ?? []).toString('base64')).toBe(text.split(' ')[1]);

  const exported = await run('ssh-keygen', ['-e', '-f', `${made}.pub`]);
  expect(exported.stdout).toContain('---- BEGIN SSH2 PUBLIC KEY ----');
  expect(only(exported.stdout)).toMatchObject({ type: name, blob: key?.blob, fingerprint: key?.fingerprint });
});

test('the form of RFC 4716 is read with its headers, also folded ones, and its comment', () => {
  const base64 = line.split(' ')[1] ?? '';
  const text = [
    '---- BEGIN SSH2 PUBLIC KEY ----',
    'Comment: "partner@example.com"',
    'x-note: a header that goes on \\',
    'in the next line',
    base64.slice(0, 40),
    base64.slice(40),
    '---- END SSH2 PUBLIC KEY ----',
    '',
  ];
  expect(only(text.join('\r\n'))).toMatchObject({ type: 'ssh-ed25519', comment: 'partner@example.com' });
});

test('many keys may stand in one file, with comments and empty lines, also from Windows', () => {
  const other = readFileSync(`${makeKey(directory, 'ecdsa', 256)}.pub`, 'utf8');
  const keys = parsePublicKeys(`\uFEFF# keys of a partner\r\n\r\n${line}\r\n  ${other}`);
  expect(keys.ok && keys.value.map(({ type }) => type)).toEqual(['ssh-ed25519', 'ecdsa-sha2-nistp256']);
});

test('a key without comment has an empty one', () => {
  expect(only(line.split(' ').slice(0, 2).join(' '))).toMatchObject({ comment: '' });
});

test('the options before a key are its own', () => {
  const key = only(`from="10.0.0.0/8",expiry-time="20270131120000Z" ${line}`);
  expect(key).toEqual({
    ...only(line),
    from: ['10.0.0.0/8'],
    expires_at: Date.parse('2027-01-31T12:00:00Z'),
  });
  expect(only(line)).toMatchObject({ from: [] });
  expect(only(line)).not.toHaveProperty('expires_at');
});

describe('who hands in something else is told what to do:', () => {
  test('a private key', () => {
    expect(refusalOf(readFileSync(file, 'utf8'))).toContain('This is a private key. Give the public one');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs1', format: 'pem' });
    expect(refusalOf(`some text\n${pem}`)).toContain('This is a private key.');
  });

  test('a PuTTY key', () => {
    expect(refusalOf('PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\n')).toContain('PuTTYgen');
  });

  test('a short RSA key', () => {
    const { n = '', e = '' } = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({
      format: 'jwk',
    });
    const modulus = Buffer.concat([Buffer.alloc(1), Buffer.from(n, 'base64url')]);
    const text = `ssh-rsa ${blobOf('ssh-rsa', Buffer.from(e, 'base64url'), modulus)}`;
    expect(refusalOf(text)).toBe(
      'The RSA key has 1024 bits, fewer than 2048. Make one with: ssh-keygen -t ed25519',
    );
  });

  test.each(['ssh-dss', 'sk-ssh-ed25519@openssh.com'])('a key of type %s', (type) => {
    expect(refusalOf(`${type} ${blobOf(type, Buffer.alloc(32))} me`)).toBe(
      `Keys of type ${type} cannot log in here. Make one with: ssh-keygen -t ed25519`,
    );
  });

  test('a certificate', () => {
    const type = 'ssh-ed25519-cert-v01@openssh.com';
    expect(refusalOf(`${type} ${blobOf(type, Buffer.alloc(32))} me`)).toBe(
      'This is a certificate. Give the public key of the authority that signed it.',
    );
  });

  test('a key with options that would not be obeyed', () => {
    expect(refusalOf(`no-pty,command="id x" ${line}`)).toContain('The option no-pty before the key');
    expect(refusalOf(`from="*.example.com" ${line}`)).toContain('"*.example.com" is no network');
    expect(refusalOf(`${line}\ncert-authority ${line}`)).toMatch(/^Line 3: The option cert-authority/);
  });

  test('nothing', () => {
    expect(refusalOf('')).toContain('There is no key in it.');
    expect(refusalOf('# only a comment\n')).toContain('There is no key in it.');
  });

  test('something else altogether', () => {
    expect(refusalOf('hello')).toContain('It is no SSH public key.');
    expect(refusalOf('x'.repeat(100_001))).toContain('far too long');
  });

  test('one bad line among good ones, with its number', () => {
    expect(refusalOf(`${line}\nhello\n`)).toMatch(/^Line 3: It is no SSH public key/);
  });
});

test('a key cut off anywhere, or with one character changed in its type, is not taken', () => {
  const whole = line.split(' ').slice(0, 2).join(' ');
  const complete = whole.length;
  for (let length = 0; length < complete; length++) {
    expect(parsePublicKeys(whole.slice(0, length))).toMatchObject({ ok: false, code: 'invalid_key' });
  }
  expect(refusalOf(whole.replace('ssh-ed25519 AAAA', 'ssh-ed25519 AAAB'))).toContain('is damaged');
  expect(refusalOf(`ssh-rsa ${whole.split(' ')[1]}`)).toContain('The ssh-rsa key is damaged');
});

test('a point is taken in its one form, so that a key has one fingerprint', () => {
  const [type = '', base64 = ''] = readFileSync(`${makeKey(directory, 'ecdsa', 256)}.pub`, 'utf8').split(' ');
  const blob = Buffer.from(base64, 'base64');
  blob[blob.length - 65] = 6; // the hybrid form
  expect(refusalOf(`${type} ${blob.toString('base64')}`)).toContain('is damaged');
});

function blobOf(type: string, ...fields: readonly Buffer[]): string {
  const parts = [Buffer.from(type), ...fields].flatMap((field) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(field.length);
    return [length, field];
  });
  return Buffer.concat(parts).toString('base64');
}
