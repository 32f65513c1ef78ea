import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { ok } from '../../../src/domain/refusal.ts';
import type { Drop } from '../../../src/inbox/drop.ts';
import type { Limits } from '../../../src/sftp/limits.ts';
import { string, uint32, uint64 } from '../../../src/sftp/protocol/wire.ts';
import { serveLocalSessions } from '../../../src/sftp/subsystem/local-sessions.ts';
import { pipeSession } from '../../../src/sftp/subsystem/pipe-session.ts';
import { keptLog } from '../a-log.ts';
import { accountNamed } from '../an-sftp-server.ts';
import { INIT, NO_ATTRIBUTES, parseReply, request, TYPE } from '../protocol/a-conversation.ts';
import { directoryDrop } from '../protocol/a-directory-drop.ts';
import { WholePackets } from '../protocol/whole-packets.ts';
import { someLimits } from '../some-limits.ts';

const HELLO = '{"account":"partner","source":"203.0.113.7"}\n';
const WRITE_CREATE = 0x1a; // SSH_FXF_WRITE, CREAT, TRUNC

const removed: string[] = [];
let site: Awaited<ReturnType<typeof aSite>>;

afterEach(async () => {
  await site.sessions.close();
  for (const directory of removed.splice(0)) rmSync(directory, { recursive: true });
});

/** Local sessions of `partner`, and of `former`, who is disabled. */
async function aSite(limits: Partial<Limits> = {}, change = (drop: Drop): Drop => drop, below = '') {
  const directory = mkdtempSync(join(tmpdir(), 'policydrop-'));
  removed.push(directory);
  const data = join(directory, below);
  mkdirSync(join(data, 'root', 'test'), { recursive: true });
  const log = keptLog();
  const journal: string[] = [];
  const accounts = [accountNamed('partner'), accountNamed('former', true)];
  const sessions = await serveLocalSessions(data, {
    limits: someLimits(limits),
    lookup: async (name) => {
      const account = accounts.find((one) => one.name === name);
      return account && { account, keys: [], revocations: [] };
    },
    dropFor: () => change(directoryDrop(join(data, 'root'), journal)),
    log,
    clock: Date.now,
  });
  return { data, socket: join(data, 'sftp.sock'), log, journal, sessions };
}

async function connected(): Promise<Socket> {
  const socket = connect({ path: site.socket, allowHalfOpen: true });
  await once(socket, 'connect');
  socket.on('error', () => {}); // its end is told by 'close'
  return socket;
}

/** All that the server says to whoever says this, and then nothing, or the end. */
async function answerTo(hello: string, end = false): Promise<string> {
  const socket = await connected();
  socket.write(hello);
  if (end) socket.end();
  const said = await text(socket).catch(() => ''); // it is cut off
  socket.destroy();
  return said;
}

/** A session that has been greeted. */
async function begun(): Promise<Socket> {
  const socket = await connected();
  socket.write(HELLO + INIT.toString('latin1'), 'latin1');
  const said: Buffer[] = [];
  while (Buffer.concat(said).length < 30) said.push((await once(socket, 'data'))[0]);
  expect(Buffer.concat(said).toString('latin1')).toMatch(/^\{"ok":true\}\n/);
  socket.pause();
  return socket;
}

const open = (id: number, path: string, flags: number) =>
  request(TYPE.open, id, string(path), uint32(flags), NO_ATTRIBUTES);
const reasons = () => site.log.lines.map(({ fields }) => fields['reason']).filter(Boolean);

test('the socket is for its owner alone, and removed at the end', async () => {
  site = await aSite();
  expect(statSync(site.socket).mode & 0o777).toBe(0o600);
  await site.sessions.close();
  expect(existsSync(site.socket)).toBe(false);
});

test('the log has the account and the address that the other SSH server tells', async () => {
  site = await aSite();
  (await begun()).destroy();
  const [line] = site.log.lines;
  expect(line?.fields).toEqual({ user: 'partner', source: '203.0.113.7' });
});

test.each([
  ['an unknown account', '{"account":"nobody"}\n', 'There is no account \\"nobody\\"'],
  ['a disabled account', '{"account":"former"}\n', 'policydrop account enable former'],
  ['no account', '{}\n', 'does not name an account'],
  ['no JSON', 'SSH-2.0-OpenSSH_10.0\r\n', 'does not name an account'],
  ['a line without end', 'x'.repeat(1_024), 'no line that names an account'],
])('%s is answered with one line, and that is all', async (_what, hello, answer) => {
  site = await aSite();
  const said = await answerTo(hello);
  expect(said).toContain(answer);
  expect(said.split('\n')).toHaveLength(2);
  expect(site.log.lines).toEqual([expect.objectContaining({ message: 'refused a local session' })]);
});

test('a hello that does not come is not waited for', async () => {
  site = await aSite();
  expect(await answerTo('{"account":')).toBe('');
  await expect.poll(reasons).toEqual(['There was no line that names an account, within 5000 ms and 1 KiB.']);
});

test('an account has as many sessions as a source has connections, until one ends', async () => {
  site = await aSite({ connections_per_source: 2 });
  const first = await begun();
  const second = await begun();
  expect(await answerTo(HELLO)).toContain(
    'Of the account partner, 2 connections are open (sftp.connections_per_source)',
  );
  first.destroy();
  await expect.poll(() => answerTo(HELLO, true)).toBe('{"ok":true}\n');
  second.destroy();
});

test('there are no more sessions in all than connections', async () => {
  site = await aSite({ connections: 1 });
  const first = await begun();
  expect(await answerTo(HELLO)).toBe('');
  expect(reasons()).toEqual(['1 are open in all (sftp.connections)']);
  first.destroy();
});

test('an idle session is ended, unless a file is open for writing', async () => {
  site = await aSite({ idle: 300 });
  const idle = await begun();
  const writing = await begun();
  writing.write(open(1, '/test/open.csv', WRITE_CREATE));
  await once(idle.resume(), 'end');
  idle.destroy();
  await sleep(900);
  expect(site.log.lines.filter(({ message }) => message === 'ended an idle local session')).toHaveLength(1);
  expect(site.journal).toEqual([]);
  writing.destroy();
  await expect.poll(() => site.journal).toEqual(['abandoned /test/open.csv']);
});

test('what the server is told to end lets go of what it was writing', async () => {
  site = await aSite();
  const socket = await begun();
  socket.write(open(1, '/test/open.csv', WRITE_CREATE));
  await once(socket.resume(), 'data');
  await site.sessions.close();
  expect(site.journal).toEqual(['abandoned /test/open.csv']);
});

test('a client that never takes its answers is not read for', async () => {
  const READS = 2_000;
  let reads = 0;
  const counting = (drop: Drop): Drop => ({
    ...drop,
    openRead: async (path) => {
      const opened = await drop.openRead(path);
      if (!opened.ok) return opened;
      const read = async (_offset: number, into: Buffer) => {
        reads++;
        return ok(into.length);
      };
      return ok({ ...opened.value, read });
    },
  });
  site = await aSite({}, counting);
  const socket = await connected();
  socket.write(HELLO + INIT.toString('latin1'), 'latin1');
  socket.write(open(0, '/test/file', WRITE_CREATE));
  socket.write(open(1, '/test/file', 1));
  await once(socket, 'readable');
  expect(String(socket.read('{"ok":true}\n'.length))).toBe('{"ok":true}\n');
  const replies = new WholePackets(socket);
  await replies.next(); // VERSION
  await replies.next();
  const opened = parseReply((await replies.next()) as Buffer);
  const handle = opened.is === 'handle' ? opened.handle : Buffer.alloc(0);
  for (let id = 0; id < READS; id++) {
    socket.write(request(TYPE.read, id, string(handle), uint64(0), uint32(32_768)));
  }
  let before = -1;
  while (before !== reads) {
    before = reads;
    await sleep(300);
  }
  expect(reads).toBeLessThan(100);
  for (let id = 0; id < READS; id++) {
    expect(parseReply((await replies.next()) as Buffer)).toMatchObject({ is: 'data', id });
  }
  socket.destroy();
});

test('where the path is too long for a socket, the server goes on without, and says so', async () => {
  site = await aSite({}, undefined, 'x'.repeat(120));
  expect(site.log.lines).toEqual([expect.objectContaining({ message: 'sftp-subsystem cannot be used' })]);
  expect(
    await pipeSession(
      site.data,
      { account: 'partner', source: undefined },
      new PassThrough(),
      new PassThrough(),
    ),
  ).toMatchObject({ ok: false, message: expect.stringContaining('cannot be reached') });
});

test('what was asked before the end of the input is answered', async () => {
  site = await aSite();
  const input = new PassThrough();
  const output = new PassThrough();
  const ids = Array.from({ length: 1_000 }, (_, id) => id);
  input.end(Buffer.concat([INIT, ...ids.map((id) => request(TYPE.stat, id, string('/test')))]));
  const ended = pipeSession(site.data, { account: 'partner', source: undefined }, input, output);
  const replies: Buffer[] = [];
  const reader = new WholePackets(output);
  for (let reply = await reader.next(); reply; reply = await reader.next()) replies.push(reply);
  expect(await ended).toMatchObject({ ok: true });
  expect(replies.slice(1).map((reply) => parseReply(reply).id)).toEqual(ids); // after VERSION
});

test('a session that the server ends is a failure for the command', async () => {
  site = await aSite();
  const input = new PassThrough();
  input.write(Buffer.alloc(8)); // a packet of no bytes
  const ended = pipeSession(site.data, { account: 'partner', source: undefined }, input, new PassThrough());
  expect(await ended).toMatchObject({ ok: false, message: expect.stringContaining('its log says why') });
});
