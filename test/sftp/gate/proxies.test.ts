// Behind a load balancer: hand-made headers, and haproxy where it is installed.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { run, type SftpSite, startSite } from '../an-sftp-server.ts';
import { proxyHeader } from './a-proxy-header.ts';

let site: SftpSite;
const started: (Server | ChildProcess)[] = [];

afterEach(async () => {
  vi.useRealTimers();
  for (const one of started.splice(0)) 'pid' in one ? one.kill() : (one as Server).close();
  await site.remove();
});

const lines = (message: string) => site.log.lines.filter((line) => line.message === message);

/** What the server says to these bytes until it closes the connection. */
async function said(...pieces: readonly Buffer[]): Promise<string> {
  const socket = connect({ port: site.port, host: '127.0.0.1', noDelay: true });
  let text = '';
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    text += bytes;
  });
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  if (!socket.closed) await once(socket, 'close');
  return text;
}

/** A proxy that says `header` before what its clients say; resolves to its port. */
async function proxy(header: Buffer): Promise<number> {
  const server = createServer((client) => {
    const inside = connect(site.port, '127.0.0.1');
    for (const socket of [client, inside]) socket.on('error', () => {});
    inside.write(header);
    client.pipe(inside).pipe(client);
  });
  started.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** OpenSSH's sftp, to the port of a proxy: the first of two options counts. */
function sftp(port: number, { commands = ['pwd'], user = 'partner', options = [] as string[] } = {}) {
  const first = ['-o', `Port=${port}`, '-o', `HostKeyAlias=[127.0.0.1]:${site.port}`, ...options];
  return run('sftp', ['-b', '-', ...first, ...site.ssh(), `${user}@127.0.0.1`], commands.join('\n'));
}

const HANDED_ON = Buffer.from('SSH-2.0-x\r\nnonsense');

describe('a connection of a listed proxy', () => {
  test('is its client’s: in the log, and for bans', async () => {
    site = await startSite({ proxies: ['127.0.0.0/8'], ban: 1_800_000 });
    const port = await proxy(proxyHeader());
    const other = await proxy(proxyHeader({ addresses: Buffer.from([198, 51, 100, 7, 127, 0, 0, 1]) }));
    expect((await sftp(port)).status).toBe(0);
    expect(lines('logged in')).toMatchObject([{ fields: { source: '192.0.2.1' } }]);
    await Promise.all(Array.from({ length: 8 }, () => sftp(port, { user: 'nobody' })));
    await vi.waitFor(() =>
      expect(lines('banned a source')).toMatchObject([{ fields: { source: '192.0.2.1' } }]),
    );
    expect((await sftp(port)).status).toBe(255);
    expect((await sftp(other)).status).toBe(0);
  });

  test('counts as its client’s', async () => {
    site = await startSite({ proxies: ['127.0.0.1/32'], connections_per_source: 1 });
    const [one, two] = [proxyHeader(), proxyHeader({ addresses: Buffer.from([192, 0, 2, 2, 127, 0, 0, 1]) })];
    const first = connect(site.port, '127.0.0.1');
    first.write(one);
    await once(first, 'data');
    expect(await said(one)).toContain('Not allowed');
    expect(await said(two, HANDED_ON)).toMatch(/^SSH-2\.0-/);
    first.destroy();
  });

  test('may come byte by byte', async () => {
    site = await startSite({ proxies: ['127.0.0.1/32'] });
    const bytes = Buffer.concat([proxyHeader({ more: Buffer.from([4, 0, 1, 0]) }), HANDED_ON]);
    expect(await said(...Array.from(bytes, (byte) => Buffer.of(byte)))).toMatch(/^SSH-2\.0-/);
    expect(lines('refused a connection')).toEqual([]);
  });

  test('whose client is not named is the proxy’s own', async () => {
    site = await startSite({ proxies: ['127.0.0.1/32'] });
    const port = await proxy(proxyHeader({ family: 0 }));
    expect((await sftp(port)).status).toBe(0);
    expect(lines('logged in')).toMatchObject([{ fields: { source: '127.0.0.1' } }]);
  });

  test('that checks its health is greeted and closed, without a line in the log', async () => {
    site = await startSite({ proxies: ['127.0.0.1/32'] });
    expect(await said(proxyHeader({ command: 0 }))).toBe('SSH-2.0-policydrop\r\n');
    const socket = connect(site.port, '127.0.0.1').resume();
    await once(socket, 'connect');
    socket.end();
    await once(socket, 'close');
    expect(site.log.lines).toEqual([]);
  });

  test.each([
    ['without a header', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'), 'there is none'],
    ['with one of version 1', Buffer.from('PROXY TCP4 192.0.2.1 127.0.0.1 1 22\r\n'), 'send-proxy-v2'],
    ['with one that is too long', proxyHeader({ more: Buffer.alloc(5000) }), '4096 is the most'],
  ])('%s is closed, and the log says why', async (_what, bytes, problem) => {
    site = await startSite({ proxies: ['127.0.0.1/32'] });
    expect(await said(bytes)).toBe('');
    expect(lines('refused a connection')).toMatchObject([
      { fields: { source: '127.0.0.1', reason: expect.stringContaining(problem) } },
    ]);
  });

  test('has five seconds for the header', async () => {
    site = await startSite({ proxies: ['127.0.0.1/32'] });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const socket = connect(site.port, '127.0.0.1').resume();
    const closed = once(socket, 'close');
    while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(5_000);
    await closed;
    await vi.waitFor(() =>
      expect(lines('refused a connection')).toMatchObject([
        { fields: { reason: expect.stringContaining('5000 ms') } },
      ]),
    );
  });

  test('that waits for its header does not keep the server from stopping', async () => {
    site = await startSite({ proxies: ['127.0.0.1/32'] });
    const socket = connect(site.port, '127.0.0.1').resume();
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    await site.server.close();
    await closed;
  });
});

test('from anybody else a header is no SSH, and names nobody', async () => {
  site = await startSite({ proxies: ['192.0.2.0/24'] });
  await said(proxyHeader(), HANDED_ON);
  const port = await proxy(proxyHeader());
  expect((await sftp(port)).status).toBe(255);
  expect(JSON.stringify(site.log.lines)).not.toContain('192.0.2.1');
});

const haproxy = spawnSync('haproxy', ['-v']).status === 0;
if (!haproxy) console.warn('haproxy was not run: it is not installed (apt-get install haproxy)');

test.skipIf(!haproxy)(
  'haproxy hands on its clients’ addresses, and checks that the server is there',
  async () => {
    site = await startSite({ proxies: ['127.0.0.1/32'] });
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const file = join(site.directory, 'haproxy.cfg');
    writeFileSync(
      file,
      `defaults
  mode tcp
  timeout connect 5s
  timeout client 1m
  timeout server 1m
listen sftp
  bind 127.0.0.1:${port}
  option tcp-check
  tcp-check expect rstring ^SSH-2.0-
  server one 127.0.0.1:${site.port} send-proxy-v2 check check-send-proxy inter 50ms
`,
    );
    const child = spawn('haproxy', ['-db', '-f', file]);
    started.push(child);
    let output = '';
    child.stderr.on('data', (text) => {
      output += text;
    });
    const content = site.file('tickets.csv', 'x'.repeat(1_000_000));
    const options = ['-o', 'BindAddress=127.0.0.9'];
    const commands = [`put ${content} /test/tickets.csv`];
    await vi.waitFor(async () => expect((await sftp(port, { commands, options })).status).toBe(0), {
      timeout: 20_000,
      interval: 200,
    });
    expect(lines('logged in').at(-1)).toMatchObject({ fields: { source: '127.0.0.9' } });
    expect(site.journal).toEqual(['committed /test/tickets.csv']);
    await new Promise((resolve) => setTimeout(resolve, 300)); // some checks more
    expect(output).not.toContain('DOWN');
    expect(lines('refused a connection')).toEqual([]);
  },
);
