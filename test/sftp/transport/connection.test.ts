// Clients that do what no client should: whatever they do ends their own connection at most.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { Client, ClientChannel } from 'ssh2';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { string, uint32, uint64 } from '../../../src/sftp/protocol/wire.ts';
import { ssh2 } from '../../../src/sftp/transport/ssh2/ssh2.ts';
import { run, type SftpSite, startSite } from '../an-sftp-server.ts';
import { INIT, NO_ATTRIBUTES, request, TYPE } from '../protocol/a-conversation.ts';

let site: SftpSite;
const clients: Client[] = [];

beforeEach(async () => {
  site = await startSite();
});

afterEach(async () => {
  vi.useRealTimers();
  for (const client of clients.splice(0)) client.destroy();
  await site.remove();
});

async function login(): Promise<Client> {
  const client = new ssh2.Client();
  clients.push(client);
  client.on('error', () => {});
  client.connect({
    host: '127.0.0.1',
    port: site.port,
    username: 'partner',
    privateKey: readFileSync(site.key),
  });
  await once(client, 'ready');
  return client;
}

function sftpChannel(client: Client): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.subsys('sftp', (error, channel) => (error ? reject(error) : resolve(channel)));
  });
}

const opening = request(TYPE.open, 1, string('/test/a.csv'), uint32(26), NO_ATTRIBUTES);
const writing = (bytes: Buffer) => request(TYPE.write, 2, string('1'), uint64(0), string(bytes));

/** A client in the middle of an upload, as far as the server has answered. */
async function uploading(): Promise<{ client: Client; channel: ClientChannel }> {
  const client = await login();
  const channel = await sftpChannel(client);
  channel.write(Buffer.concat([INIT, opening, writing(Buffer.from('half'))]));
  for (let answers = ''; !answers.includes('en'); ) answers += String((await once(channel, 'data'))[0]);
  return { client, channel };
}

test('what lets a client in that knows encrypt-and-MAC only is said in the log', async () => {
  const only = ['-o', 'MACs=hmac-sha2-256', '-o', 'Ciphers=aes128-ctr'];
  const { status } = await run('sftp', ['-b', '-', ...only, ...site.ssh(), 'partner@127.0.0.1'], 'pwd\n');
  expect(status).not.toBe(0);
  expect(site.log.lines).toContainEqual(
    expect.objectContaining({
      fields: expect.objectContaining({
        problem: expect.stringContaining('no matching C->S MAC'),
        hint: expect.stringContaining('sftp.older_macs'),
      }),
    }),
  );
});

const abandoned = () => vi.waitFor(() => expect(site.journal).toEqual(['abandoned /test/a.csv']));

describe('an upload that is not closed is abandoned', () => {
  test('when the connection breaks', async () => {
    const { client } = await uploading();
    client.destroy();
    await abandoned();
  });

  test('when the client closes the channel', async () => {
    const { channel } = await uploading();
    channel.close();
    await abandoned();
  });

  test('when the client breaks the protocol, and the channel is closed', async () => {
    const { channel } = await uploading();
    channel.write(uint32(0));
    await once(channel, 'close');
    await abandoned();
  });

  test('when the client goes without having read the answers', async () => {
    const { client, channel } = await uploading();
    channel.pause();
    const sent = request(TYPE.read, 3, string('2'), uint64(0), uint32(261_120));
    const reading = request(TYPE.open, 4, string('/test/b.csv'), uint32(1), NO_ATTRIBUTES);
    site.file('root/test/b.csv', randomBytes(261_120));
    channel.write(Buffer.concat([reading, ...Array.from({ length: 100 }, () => sent)]));
    await vi.waitFor(() => expect(channel.readableLength).toBeGreaterThan(1024 * 1024));
    client.destroy();
    await vi.waitFor(() => {
      expect(site.journal.toSorted()).toEqual(['abandoned /test/a.csv', 'closed /test/b.csv']);
    });
  });

  test('before the server has stopped', async () => {
    await uploading();
    await site.server.close();
    expect(site.journal).toEqual(['abandoned /test/a.csv']);
  });
});

test('a client that ignores the window is cut off before it fills the memory', async () => {
  const { client, channel } = await uploading();
  const closed = once(client, 'close');
  Object.assign(channel.outgoing as object, { window: Number.MAX_SAFE_INTEGER });
  channel.pause();
  const name = string('x'.repeat(3000)); // answers that nobody reads make the session stop reading
  const asked = Buffer.concat(Array.from({ length: 300 }, () => request(TYPE.realpath, 3, name)));
  let accepted = 0;
  let open = true;
  void closed.then(() => {
    open = false;
  });
  while (open && accepted < 256 * 1024 * 1024) {
    channel.write(asked);
    accepted += asked.length;
    await turn();
  }
  await closed;
  await abandoned();
});

test('a connection has ten channels at most, and a closed one makes room', async () => {
  const client = await login();
  const channels: ClientChannel[] = [];
  for (let count = 0; count < 10; count++) channels.push(await sftpChannel(client));
  await expect(sftpChannel(client)).rejects.toThrow('Channel open failure');
  const closed = once(channels[0] as ClientChannel, 'close');
  channels[0]?.resume().end();
  await closed;
  await vi.waitFor(() => sftpChannel(client));
});

test('two channels of a connection do not know of each other', async () => {
  const { client } = await uploading();
  const other = await sftpChannel(client);
  other.write(Buffer.concat([INIT, writing(Buffer.from('x'))]));
  const seen: Buffer[] = [];
  other.on('data', (bytes: Buffer) => seen.push(bytes));
  await vi.waitFor(() => expect(Buffer.concat(seen).toString()).toContain('The handle is not open'));
});

describe('a second request on a channel', () => {
  test.each(['subsystem', 'exec', 'shell'] as const)('by %s does no harm', async (how) => {
    const { client, channel } = await uploading();
    const { _protocol: protocol } = client as unknown as {
      _protocol: Record<typeof how, (channel: number, ...rest: unknown[]) => void>;
    };
    const { id } = channel.outgoing as { id: number };
    protocol[how](id, how === 'shell' ? false : 'sftp', false);
    channel.write(request(TYPE.close, 5, string('1')));
    await vi.waitFor(() => expect(site.journal).toEqual(['committed /test/a.csv']));
  });
});

test('a request on a channel in use is answered, and refused', async () => {
  const { client, channel } = await uploading();
  type Ask = (channel: number, ...rest: unknown[]) => void;
  const { _protocol: protocol } = client as unknown as { _protocol: Record<string, Ask> };
  const { id } = channel.outgoing as { id: number };
  const { _callbacks: callbacks } = channel as unknown as { _callbacks: ((failed: boolean) => void)[] };
  for (const [how, ...rest] of [
    ['openssh_agentForward', true],
    ['env', 'LANG', 'C', true],
    ['subsystem', 'sftp', true],
    ['exec', 'md5sum /test/a.csv', true],
    ['shell', true],
  ] as const) {
    const failed = new Promise((resolve) => callbacks.push(resolve));
    protocol[how]?.(id, ...rest);
    expect(await failed).toBe(true);
  }
  channel.write(request(TYPE.close, 5, string('1')));
  await vi.waitFor(() => expect(site.journal).toEqual(['committed /test/a.csv']));
});

test('unknown global requests are answered', async () => {
  const client = await login();
  await expect(
    new Promise((_resolve, reject) => client.forwardIn('127.0.0.1', 0, (error) => reject(error))),
  ).rejects.toThrow('Unable to bind');
  await sftpChannel(client);
});

test('what is not SSH is told so and cut off, and others are served', async () => {
  const nonsense = [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.alloc(100_000),
    Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), randomBytes(5000)]),
    Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), uint32(0), randomBytes(100)]),
    Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), uint32(0xffff_ffff), randomBytes(100)]),
    Buffer.from('SSH-1.5-x\r\n'),
  ];
  for (const bytes of nonsense) {
    const socket = connect(site.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    socket.write(bytes);
    await once(socket, 'close');
  }
  expect((await site.sftp(['pwd'])).status).toBe(0);
  expect(site.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

describe('time', () => {
  test('to log in is half a minute, also for who says nothing at all', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const socket = connect({ port: site.port, host: '127.0.0.1', allowHalfOpen: true });
    socket.resume();
    const closed = once(socket, 'close');
    await once(socket, 'connect');
    while (vi.getTimerCount() === 0) await turn();
    vi.advanceTimersByTime(29_999);
    expect(site.log.lines).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(site.log.lines).toMatchObject([{ message: 'a client did not log in in time' }]);
    vi.advanceTimersByTime(1_000);
    await once(socket, 'end');
    socket.end();
    await closed;
  });

  test('without an answer is two minutes, then a client that is logged in counts as gone', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
    const { client } = await uploading();
    const { _sock: socket } = client as unknown as { _sock: Socket };
    socket.pause();
    for (let keepalives = 0; keepalives < 3; keepalives++) vi.advanceTimersByTime(30_000);
    expect(site.journal).toEqual([]);
    vi.advanceTimersByTime(30_000);
    expect(site.log.lines).toContainEqual(
      expect.objectContaining({ message: 'an SSH connection broke off' }),
    );
    vi.advanceTimersByTime(1_000);
    vi.useRealTimers();
    await abandoned();
  });

  test('without a request is limited, but not while a file is open for writing', async () => {
    await site.remove();
    site = await startSite({ idle: 200 });
    const { client, channel } = await uploading();
    const closed = once(client, 'close');
    await sleep(700);
    expect(site.log.lines.map(({ message }) => message)).toEqual(['logged in']);
    channel.write(request(TYPE.close, 5, string('1')));
    await closed;
    expect(site.journal).toEqual(['committed /test/a.csv']);
    expect(site.log.lines.at(-1)).toMatchObject({
      message: 'ended an idle connection',
      fields: { user: 'partner', source: '127.0.0.1', ms: 200 },
    });
  });

  test('does not run out once somebody is logged in', async () => {
    const client = await login();
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    vi.advanceTimersByTime(60_000);
    await sftpChannel(client);
  });
});
