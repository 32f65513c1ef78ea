// A changed ssh2 is refused at start: each of these edits one place of a copy of it.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

let directory: string;
const original = resolve('node_modules/ssh2');
const copy = () => join(directory, 'node_modules/ssh2');

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'policydrop-'));
  cpSync('src/sftp', join(directory, 'src/sftp'), { recursive: true });
  mkdirSync(join(directory, 'node_modules'));
  for (const name of ['asn1', 'bcrypt-pbkdf', 'safer-buffer', 'tweetnacl']) {
    symlinkSync(resolve('node_modules', name), join(directory, 'node_modules', name));
  }
});

beforeEach(() => cpSync(original, copy(), { recursive: true }));

afterAll(() => rmSync(directory, { recursive: true }));

/** What the program says when it loads ssh2 through its door; nothing when all is well. */
function load(first = ''): string {
  const door = `import(${JSON.stringify(join(directory, 'src/sftp/transport/ssh2/ssh2.ts'))})`;
  const script = `${first}; ${door}.catch((error) => process.stdout.write(error.message))`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
    cwd: directory,
  });
  return stdout + stderr;
}

function edit(file: string, from: string, to: string): void {
  const path = join(copy(), file);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replaceAll(from, to));
}

test('ssh2 as it comes is taken', () => {
  expect(load()).toBe('');
});

test('ssh2 that somebody has loaded before is refused', () => {
  expect(load("require('ssh2')")).toContain('it was loaded by somebody else before');
});

test.each([
  ['another version', 'package.json', '"version": "1.17.0"', '"version": "1.18.0"'],
  [
    'a method of the same name',
    'lib/protocol/constants.js',
    'DEFAULT_KEX.concat([',
    "DEFAULT_KEX.concat(['mlkem768x25519-sha256',",
  ],
  ['other exports', 'lib/protocol/kex.js', '  onKEXPayload,\n', '  onPayload: onKEXPayload,\n'],
  ['no class for the lists', 'lib/protocol/kex.js', '  KexInit,\n', ''],
  ['another name for the secret', 'lib/protocol/kex.js', 'computeSecret', 'makeSecret'],
  ['another name for the key', 'lib/protocol/kex.js', 'convertPublicKey', 'changePublicKey'],
  ["another name for the client's message", 'lib/protocol/kex.js', '_remoteKexinit', '_theirKexinit'],
  ['another name for the flag', 'lib/protocol/kex.js', 'remoteExtInfoEnabled', 'extInfo'],
  ['another name for the exchange', 'lib/protocol/kex.js', 'self._kex =', 'self._exchange ='],
  ['another name for the offer', 'lib/protocol/Protocol.js', 'this._offer =', 'this._offered ='],
  ['another name for the end', 'lib/protocol/Protocol.js', '_onHandshakeComplete', '_onDone'],
  ['another name for the guess', 'lib/protocol/kex.js', '_skipNextInboundPacket', '_skipNext'],
  [
    'another encoding of the secret',
    'lib/protocol/kex.js',
    'hashString(hash, secret)',
    'hash.update(secret)',
  ],
  [
    'another reply',
    'lib/protocol/kex.js',
    'packet.set(serverPublicKey,',
    'packet.set(serverPublicKey.toReversed(),',
  ],
  ['another name for the first line', 'lib/protocol/Protocol.js', '_buffer', '_kept'],
  [
    'other names of ciphers',
    'lib/protocol/crypto.js',
    '  createDecipher,\n',
    '  makeDecipher: createDecipher,\n',
  ],
  ['ciphers from elsewhere', 'lib/protocol/kex.js', '= createCipher(', '= require("./crypto.js").createOne('],
  ['another name for a key', 'lib/protocol/kex.js', 'decipherKey:', 'keyOfDecipher:'],
  ['another name for the vector', 'lib/protocol/kex.js', 'cipherIV:', 'vector:'],
  ['another count of packets', 'lib/protocol/kex.js', 'inSeqno = 0', 'inSeqno = 1'],
  ['another name for what is sent', 'lib/protocol/kex.js', 'onWrite:', 'onSend:'],
  ['another name for a message', 'lib/protocol/kex.js', 'onPayload:', 'onMessage:'],
  ['another source of padding', 'lib/protocol/crypto.js', 'randomFillSync', 'randomBytes'],
  ['another way to send', 'lib/protocol/utils.js', 'sendPacket:', 'sendOne:'],
  ['another name for what waits', 'lib/protocol/Protocol.js', 'this._queue', 'this._waiting'],
  ['another name for the channels', 'lib/server.js', '_chanMgr', '_channels'],
  ['another name for a failure', 'lib/protocol/Protocol.js', 'channelFailure(', 'channelRefusal('],
  ['another way to write', 'lib/protocol/zlib.js', 'allocStart ', 'startOfPacket '],
])('ssh2 with %s is refused', (_what, file, from, to) => {
  edit(file, from, to);
  expect(load()).toMatch(/^ssh2 is not as this server knows it: /);
});
