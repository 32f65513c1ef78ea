// Bugs that other SFTP servers had, each under its name there.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { packet, string, uint32, uint64, WireReader } from '../../src/sftp/protocol/wire.ts';
import { AnInbox, SETTLE, yes } from '../inbox/an-inbox.ts';
import { RawClient, type RawSession } from './a-raw-client.ts';
import { type SftpSite, startSite } from './an-sftp-server.ts';
import { INIT, NO_ATTRIBUTES, request, TYPE } from './protocol/a-conversation.ts';

const OK = 0;
const NO_SUCH_FILE = 2;
const PERMISSION_DENIED = 3;
const FAILURE = 4;
const UNSUPPORTED = 8;

const PATIENCE = 30_000; // ms

let inbox: AnInbox;
let site: SftpSite;
const clients: RawClient[] = [];

beforeAll(async () => {
  site = await startSite({}, undefined, () => inbox.drop);
});

afterAll(() => site.remove());

beforeEach(async () => {
  inbox = await AnInbox.open();
});

/** Whatever a test did, others are served as before, and the server has nothing to reproach itself with. */
afterEach(async () => {
  const { is } = await (await session()).ask(TYPE.stat, string('/'));
  await Promise.all(clients.splice(0).map(left));
  await vi.waitFor(async () => expect(await inbox.store.openUploads()).toEqual([]), PATIENCE);
  await inbox.remove();
  const faults = site.log.lines.splice(0).filter(({ level }) => level === 'error');
  expect([is, faults]).toEqual(['attributes', []]);
});

async function left({ client, closed }: RawClient): Promise<void> {
  client.destroy();
  await closed;
}

async function login(): Promise<RawClient> {
  const client = await RawClient.login(site);
  clients.push(client);
  return client;
}

const session = async () => (await login()).session();
const status = (code: number) => expect.objectContaining({ is: 'status', code });

async function put(sftp: RawSession, path: string, text: string, flags = 26): Promise<void> {
  const handle = await sftp.open(path, flags);
  expect(await sftp.write(handle, 0, text)).toEqual(status(OK));
  expect(await sftp.close(handle)).toEqual(status(OK));
}

describe('proftpd #2104: a packet of no bytes', () => {
  test('of SSH, before the keys are exchanged', async () => {
    const socket = connect(site.port, '127.0.0.1').on('error', () => {});
    socket.write(Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), uint32(12), Buffer.of(11), Buffer.alloc(11)]));
    await once(socket, 'data');
    socket.destroy();
  });

  test('of SSH, before the login', async () => {
    const client = new RawClient(site);
    clients.push(client);
    await once(client.client, 'handshake');
    client.send(Buffer.alloc(0));
    await Promise.race([once(client.client, 'ready'), client.closed]);
  });

  test('of SSH, after the login', async () => {
    const client = await login();
    client.send(Buffer.alloc(0));
    await Promise.race([client.session(), client.closed]);
  });

  test.each([
    ['before INIT', []],
    ['after INIT', [INIT]],
  ])('of SFTP, %s, ends the session, but not the connection', async (_when, before) => {
    const client = await login();
    const channel = await client.channel();
    channel.resume().write(Buffer.concat([...before, uint32(0)]));
    await once(channel, 'close');
    expect(await (await client.session()).ask(TYPE.stat, string('/'))).toMatchObject({ is: 'attributes' });
  });
});

test('proftpd #2190, CVE-2026-63090: a request may be split at every byte over the packets of a channel', async () => {
  const sftp = await session();
  const handle = string(await sftp.open('/test/a.csv', 27));
  const script = Buffer.concat([
    request(TYPE.write, 1, handle, uint64(0), string('text')),
    request(TYPE.read, 2, handle, uint64(0), uint32(100)),
    request(TYPE.rename, 3, string('/test/a.csv'), string('/test/b.csv')),
    request(TYPE.fsetstat, 4, handle, uint32(0x8000_0001), uint64(4), uint32(1), string('a'), string('b')),
    request(TYPE.extended, 5, string('limits@openssh.com')),
  ]);
  for (let at = 0; at <= script.length; at++) {
    sftp.send(script.subarray(0, at));
    sftp.send(script.subarray(at));
    expect(await sftp.reply()).toMatchObject({ id: 1, code: OK });
    expect(await sftp.reply()).toMatchObject({ id: 2, bytes: Buffer.from('text') });
    expect(await sftp.reply()).toMatchObject({ id: 3, code: PERMISSION_DENIED });
    expect(await sftp.reply()).toMatchObject({ id: 4, code: OK });
    expect(await sftp.reply()).toMatchObject({ id: 5, is: 'extended' });
  }
});

describe('SFTPGo 760bf692: a malformed channel request', () => {
  const CHANNEL_REQUEST = 98;
  const wantsReply = Buffer.of(1);
  const malformed = [
    [],
    [uint32(0xffff_ffff)],
    [uint32(10), Buffer.from('cut')],
    [string('')],
    [string(Buffer.from([0xff, 0xfe, 0]))],
    [string('x'.repeat(30_000)), string('too much')],
  ];
  const kinds = [
    'subsystem',
    'exec',
    'env',
    'pty-req',
    'signal',
    'window-change',
    'nonsense@example.com',
    '',
  ];
  test.each(kinds)('"%s" ends its own connection at most', async (kind) => {
    for (const fields of malformed) {
      const client = await login();
      const sftp = await client.session();
      const { id } = sftp.channel.outgoing as unknown as { id: number };
      const head = [Buffer.of(CHANNEL_REQUEST), uint32(id), string(kind), wantsReply];
      client.send(Buffer.concat([...head, ...fields]));
      await Promise.race([sftp.ask(TYPE.stat, string('/')).catch(() => client.closed), client.closed]);
    }
  });
});

describe('SFTPGo #2068, Win32-OpenSSH #467 and #1849: RENAME', () => {
  const rename = (sftp: RawSession, from: string, to: string) =>
    sftp.ask(TYPE.rename, string(from), string(to));
  const posixRename = (sftp: RawSession, from: string, to: string) =>
    sftp.ask(TYPE.extended, string('posix-rename@openssh.com'), string(from), string(to));

  test.each([
    ['RENAME of an absent one', rename, '/test/no.csv', '/test/c.csv', NO_SUCH_FILE, 'a', 'b'],
    ['posix-rename of an absent one', posixRename, '/test/no.csv', '/test/b.csv', NO_SUCH_FILE, 'a', 'b'],
    ['RENAME onto an existing one', rename, '/test/a.csv', '/test/b.csv', FAILURE, 'a', 'b'],
    ['posix-rename onto an existing one', posixRename, '/test/a.csv', '/test/b.csv', OK, undefined, 'a'],
    ['RENAME onto itself', rename, '/test/a.csv', '/test/a.csv', OK, 'a', 'b'],
    ['posix-rename onto itself', posixRename, '/test/a.csv', '/test/a.csv', OK, 'a', 'b'],
    ['RENAME onto itself, written otherwise', rename, '/test/a.csv', '/test/../test//a.csv', OK, 'a', 'b'],
    ['RENAME to the other folder', rename, '/test/a.csv', '/live/a.csv', PERMISSION_DENIED, 'a', 'b'],
    [
      'posix-rename to the other folder',
      posixRename,
      '/test/a.csv',
      '/live/a.csv',
      PERMISSION_DENIED,
      'a',
      'b',
    ],
    ['RENAME out of the folders', rename, '/test/a.csv', '/a.csv', PERMISSION_DENIED, 'a', 'b'],
    ['RENAME of a folder', rename, '/test', '/tests', PERMISSION_DENIED, 'a', 'b'],
  ])('%s', async (_what, how, from, to, code, a, b) => {
    const sftp = await session();
    await put(sftp, '/test/a.csv', 'a');
    await put(sftp, '/test/b.csv', 'b');
    expect(await how(sftp, from, to)).toEqual(status(code));
    const names = await inbox.names('/test');
    for (const [name, text] of [
      ['a.csv', a],
      ['b.csv', b],
    ] as const) {
      expect(names.includes(name)).toBe(text !== undefined);
      if (text !== undefined) expect(await inbox.get(`/test/${name}`)).toBe(text);
    }
    expect(await inbox.names('/live')).toEqual([]);
  });
});

describe('pkg/sftp #295, paramiko #1217, mina #690, proftpd PR #1586, curl PR #18952: a resume', () => {
  const APPEND = 4;
  test.each([
    ['OpenSSH reput, at the end', 14, 4, 'halfrest'],
    ['APPEND at offset 0', 14, 0, 'halfrest'],
    ['APPEND at an offset beyond the end', 14, 1000, 'halfrest'],
    ['sshj and old curl, at the end', 6, 4, 'halfrest'],
    ['curl and FileZilla, at the end', 2, 4, 'halfrest'],
    ['curl and FileZilla, over a part of it', 2, 2, 'harest'],
    ['WinSCP and JSch, at the end', 10, 4, 'halfrest'],
    ['WinSCP and JSch, from the start', 10, 0, 'rest'],
  ])('by %s', async (_client, flags, offset, after) => {
    const broken = await login();
    const first = await broken.session();
    const handle = await first.open('/test/a.csv', 26);
    expect(await first.write(handle, 0, 'half')).toEqual(status(OK));
    broken.client.destroy();

    const sftp = await session();
    const resumed = await sftp.open('/test/a.csv', flags);
    expect(await sftp.ask(TYPE.fstat, string(resumed))).toMatchObject({ size: 4 });
    expect(await sftp.write(resumed, offset, 'rest')).toEqual(status(OK));
    expect(await sftp.ask(TYPE.fstat, string(resumed))).toMatchObject({ size: after.length });
    expect(await sftp.close(resumed)).toEqual(status(OK));
    expect(await inbox.get('/test/a.csv')).toBe(after);
    const { import: one } = await inbox.take();
    expect([one.file, await inbox.spooled(one.file_id)]).toEqual(['a.csv', after]);
  });

  test('by APPEND goes on at the end with every WRITE, whatever their offsets', async () => {
    const sftp = await session();
    const handle = await sftp.open('/test/a.csv', 26 | APPEND);
    for (const [offset, text] of [
      [0, 'a'],
      [0, 'b'],
      [77, 'c'],
      [1, 'd'],
    ] as const) {
      expect(await sftp.write(handle, offset, text)).toEqual(status(OK));
    }
    expect(await sftp.close(handle)).toEqual(status(OK));
    expect(await inbox.get('/test/a.csv')).toBe('abcd');
  });
});

test('pkg/sftp #298: VERSION lists exactly what works', async () => {
  const client = await login();
  const channel = await client.channel();
  channel.write(INIT);
  const [greeting] = (await once(channel, 'data')) as [Buffer];
  const reader = new WireReader(greeting.subarray(9));
  const listed: string[] = [];
  while (greeting.length > 9 + Buffer.concat(listed.map((name) => string(`${name}1234 `))).length) {
    listed.push(reader.text());
    reader.text();
  }

  const sftp = await client.session();
  await put(sftp, '/test/a.csv', 'a');
  const path = string('/test/a.csv');
  const handle = string(await sftp.open('/test/a.csv', 27));
  const whole = [handle, uint64(0), uint64(0), handle, uint64(0)];
  const requests: Record<string, Buffer[]> = {
    'posix-rename@openssh.com': [path, string('/test/b.csv')],
    'hardlink@openssh.com': [path, string('/test/b.csv')],
    'fsync@openssh.com': [handle],
    'limits@openssh.com': [],
    'statvfs@openssh.com': [path],
    'fstatvfs@openssh.com': [handle],
    'lsetstat@openssh.com': [path, NO_ATTRIBUTES],
    'expand-path@openssh.com': [path],
    'home-directory': [string('partner')],
    'users-groups-by-id@openssh.com': [string(''), string('')],
    'copy-data': whole,
    'space-available': [path],
    'check-file-name': [path, string('md5'), uint64(0), uint64(0), uint32(0)],
  };
  for (const [name, fields] of Object.entries(requests)) {
    const reply = await sftp.ask(TYPE.extended, string(name), ...fields);
    const works = !(reply.is === 'status' && reply.code === UNSUPPORTED);
    expect([name, works]).toEqual([name, listed.includes(name)]);
  }
  expect(Object.keys(requests)).toEqual(expect.arrayContaining(listed));
});

test('SFTPGo #242: an upload under a temporary name that is renamed is one import', async () => {
  const sftp = await session();
  for (const name of ['a.csv.part', 'a.csv.filepart', 'a.csv.tmp']) {
    await put(sftp, `/test/${name}`, 'rows');
    inbox.now += SETTLE;
    expect(await inbox.store.claimImport(1000, inbox.now)).toBeUndefined();
    const rename = [string(`/test/${name}`), string(`/test/${name}.csv`)];
    expect(await sftp.ask(TYPE.rename, ...rename)).toEqual(status(OK));
    expect((await inbox.take()).import.file).toBe(`${name}.csv`);
    expect(await inbox.store.claimImport(1000, inbox.now)).toBeUndefined();
  }
});

test('rclone #9000: what is uploaded on one connection is there on another', async () => {
  const [one, other] = [await session(), await session()];
  const handle = await one.open('/test/a.csv', 26);
  await one.write(handle, 0, 'rows');
  const stat = () => other.ask(TYPE.stat, string('/test/a.csv'));
  expect(await stat()).toMatchObject({ size: 4 });
  await one.close(handle);
  expect(await stat()).toMatchObject({ size: 4 });
  const mtime = [uint32(8), uint32(0), uint32(1_700_000_000)];
  expect(await other.ask(TYPE.setstat, string('/test/a.csv'), ...mtime)).toEqual(status(OK));
  expect(await one.ask(TYPE.stat, string('/test/a.csv'))).toMatchObject({ mtime: 1_700_000_000 });
});

test('Posh-SSH #563, restic #3336: a disk that fills up in the middle of an upload', async () => {
  await inbox.crash({
    spool: (real) => ({
      ...real,
      openUpload: async (file) => {
        const upload = await real.openUpload(file);
        const write = async (offset: number, ...pieces: readonly Uint8Array[]) => {
          const bytes = Buffer.concat(pieces);
          const fitting = bytes.subarray(0, Math.max(0, 1_000_000 - offset));
          await upload.write(offset, fitting);
          if (fitting.length < bytes.length) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
        };
        return { ...upload, write };
      },
    }),
  });
  const sftp = await session();
  const handle = string(await sftp.open('/test/a.csv', 26));
  const rows = string(Buffer.alloc(32_768, 'row\n'));
  for (let id = 0; id < 100; id++) sftp.send(request(TYPE.write, id, handle, uint64(id * 32_768), rows));
  let stored = 0; // WRITEs; those that are written at once fail together
  for (let id = 0; id < 100; id++) {
    const reply = await sftp.reply();
    if (stored === id && reply.is === 'status' && reply.code === OK) stored++;
    else
      expect(reply).toMatchObject({
        id,
        code: FAILURE,
        text: expect.stringContaining('disk of the server is full'),
      });
  }
  expect(stored).toBeLessThanOrEqual(30);
  expect(await sftp.ask(TYPE.close, handle)).toMatchObject({ code: FAILURE });
  expect(await sftp.ask(TYPE.stat, string('/test/a.csv'))).toMatchObject({ size: stored * 32_768 });
  expect(await inbox.imports()).toEqual(['a.csv: incomplete']);
  await put(sftp, '/test/b.csv', 'small enough');
  const { status: exit, stdout } = await site.sftp([
    `-put ${site.file('big', Buffer.alloc(2_000_000))} /test/c.csv`,
    'pwd',
  ]);
  expect([exit, stdout]).toEqual([0, expect.stringContaining('Remote working directory: /')]);
});

describe('tinyssh #86, mina #482: while a session is idle', () => {
  const GLOBAL_REQUEST = 80;
  const CHANNEL_REQUEST = 98;
  const wantsReply = Buffer.of(1);

  test.each(['keepalive@openssh.com', 'nonsense@example.com', ''])(
    'a global request "%s" is answered',
    async (name) => {
      const client = await login();
      const sftp = await client.session();
      expect(await client.asked(Buffer.concat([Buffer.of(GLOBAL_REQUEST), string(name), wantsReply]))).toBe(
        true,
      );
      expect(await sftp.ask(TYPE.stat, string('/'))).toMatchObject({ is: 'attributes' });
    },
  );

  test.each(['keepalive@openssh.com', 'winadj@putty.projects.tartarus.org'])(
    'a channel request "%s" is answered',
    async (name) => {
      const client = await login();
      const sftp = await client.session();
      const { id } = sftp.channel.outgoing as unknown as { id: number };
      const payload = Buffer.concat([Buffer.of(CHANNEL_REQUEST), uint32(id), string(name), wantsReply]);
      const refused = client.asked(payload, sftp.channel);
      await sftp.ask(TYPE.stat, string('/'));
      expect(await Promise.race([refused, 'no answer'])).toBe(true);
    },
  );
});

test('ssh2 #856 and #882, proftpd #1853: keys are exchanged again at every MiB of an upload and a download', async () => {
  const bytes = randomBytes(12_000_000);
  const got = join(site.directory, 'got');
  const commands = [`put ${site.file('sent', bytes)} /test/a.csv`, `get /test/a.csv ${got}`];
  const { status: exit, stderr } = await site.sftp(commands, { options: ['-v', '-o', 'RekeyLimit=1M'] });
  expect(exit).toBe(0);
  expect(stderr.match(/SSH2_MSG_NEWKEYS received/g)?.length).toBeGreaterThan(20);
  const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');
  expect(sha256(readFileSync(got))).toBe(sha256(bytes));
});

describe('ssh2: packets and handles that are too long', () => {
  test('256 KiB are taken, and a byte more ends the session', async () => {
    const client = await login();
    const sftp = await client.session();
    const handle = await sftp.open('/test/a.csv', 26);
    const rest = 1 + 4 + 4 + handle.length + 8 + 4;
    expect(await sftp.write(handle, 0, Buffer.alloc(262_144 - rest))).toEqual(status(OK));
    const closed = once(sftp.channel, 'close');
    sftp.send(request(TYPE.write, 1, string(handle), uint64(0), string(Buffer.alloc(262_145 - rest))));
    expect(await sftp.packet()).toBeUndefined();
    await closed;
    expect(await (await client.session()).ask(TYPE.stat, string('/'))).toMatchObject({ is: 'attributes' });
  });

  test.each([257, 10_000, 200_000])('a handle of %i bytes is one that is not open', async (length) => {
    const sftp = await session();
    for (const type of [TYPE.close, TYPE.fstat, TYPE.readdir]) {
      expect(await sftp.ask(type, string(Buffer.alloc(length, 'h')))).toEqual(status(FAILURE));
    }
  });
});

describe('ssh2: an error of a connection never ends the process', () => {
  const socketOf = ({ client }: RawClient) => (client as unknown as { _sock: Socket })._sock;

  test('when it is reset at any moment of an upload', async () => {
    for (const moment of ['handshake', 'ready'] as const) {
      const client = new RawClient(site);
      await once(client.client, moment);
      socketOf(client).resetAndDestroy();
    }
    for (const ms of [0, 1, 5, 20]) {
      const client = await login();
      const sftp = await client.session();
      const handle = string(await sftp.open(`/test/${ms}.csv`, 26));
      for (let id = 0; id < 100; id++) {
        sftp.send(request(TYPE.write, id, handle, uint64(0), string(Buffer.alloc(32_768))));
      }
      await sleep(ms);
      socketOf(client).resetAndDestroy();
    }
    expect((await inbox.imports()).every((one) => one.endsWith('incomplete'))).toBe(true);
  });

  test('when what comes cannot be deciphered', async () => {
    const client = await login();
    await client.session();
    socketOf(client).write(randomBytes(10_000));
    await client.closed;
  });

  test.each([
    ['of a type that there is not', Buffer.from([250, 1, 2, 3])],
    ['for a channel that there is not', Buffer.concat([Buffer.of(94), uint32(99), string('x')])],
    ['that answers what nobody asked', Buffer.of(81)],
    ['that opens a channel without saying which', Buffer.of(90)],
    [
      'that logs in once more',
      Buffer.concat([Buffer.of(50), string('x'), string('ssh-connection'), string('none')]),
    ],
    ['that exchanges keys out of turn', Buffer.of(21)],
    ['of SFTP instead of SSH', packet(TYPE.init, uint32(3))],
  ])('when an SSH packet comes %s', async (_what, payload) => {
    const client = await login();
    const sftp = await client.session();
    client.send(payload);
    const alive = sftp.ask(TYPE.stat, string('/')).catch(() => undefined);
    await Promise.race([alive, client.closed]);
  });
});

test('a whole upload, after all of this, is an import', async () => {
  const sftp = await session();
  await put(sftp, '/test/a.csv', 'rows');
  expect(yes(await inbox.drop.stat('/test/a.csv')).size).toBe(4);
  expect((await inbox.take()).import.file).toBe('a.csv');
});
