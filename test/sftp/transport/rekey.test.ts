import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { ssh2 } from '../../../src/sftp/transport/ssh2/ssh2.ts';
import { newer } from '../../clients/newer.ts';
import { run, type SftpSite, startSite } from '../an-sftp-server.ts';

vi.mock('../../../src/sftp/transport/algorithms.ts', async (original) => ({
  ...(await original<object>()),
  REKEY_BYTES: 1024 ** 2, // or the tests would move gigabytes
}));

let site: SftpSite;

beforeAll(async () => {
  site = await startSite();
});

afterEach(() => vi.useRealTimers());

afterAll(() => site.remove());

const MEGABYTES = 12;
const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
const exchanges = (log: string) => log.match(/SSH2_MSG_NEWKEYS received/g)?.length;

describe.each([
  ['the OpenSSH of this machine', 'sftp', 'ssh'],
  ['a current OpenSSH', newer('sftp'), newer('ssh')],
])('%s', (_which, sftp, ssh) => {
  const ciphers = ['aes128-gcm@openssh.com', 'chacha20-poly1305@openssh.com', 'aes256-ctr'];
  const limits = ['default', '1M'];
  const cases = ciphers.flatMap((cipher) => limits.map((limit) => [cipher, limit] as const));

  test.skipIf(!sftp || !ssh).each(cases)(
    'sends and gets a file unchanged while the server exchanges keys, with %s and RekeyLimit=%s',
    async (cipher, limit) => {
      const sent = site.file('sent', randomBytes(MEGABYTES * 1024 ** 2));
      const got = join(site.directory, 'got');
      const remote = join(site.root, 'test/a.csv');
      const options = ['-S', `${ssh}`, '-v', '-c', cipher, '-o', `RekeyLimit=${limit}`, '-b', '-'];
      const login = [...options, ...site.ssh(), 'partner@127.0.0.1'];
      const put = await run(`${sftp}`, login, `put ${sent} /test/a.csv\n`);
      const get = await run(`${sftp}`, login, `get /test/a.csv ${got}\n`);
      expect([put.status, get.status]).toEqual([0, 0]);
      expect([sha256(remote), sha256(got)]).toEqual([sha256(sent), sha256(sent)]);
      expect(exchanges(put.stderr)).toBeGreaterThan(MEGABYTES / 4);
      expect(exchanges(get.stderr)).toBeGreaterThan(MEGABYTES / 4);
    },
  );
});

test('keys are exchanged again after an hour', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const client = await login();
  let rekeyed = 0;
  client.on('handshake', () => rekeyed++);
  await roundTrip(client);
  vi.advanceTimersByTime(3_599_000);
  await roundTrip(client);
  expect(rekeyed).toBe(0);
  vi.advanceTimersByTime(1_000);
  await roundTrip(client);
  await vi.waitFor(() => expect(rekeyed).toBe(1));
  await roundTrip(client);
  await roundTrip(client);
  expect(rekeyed).toBe(1);
  client.destroy();
});

test('a client that goes on without an answer is cut off before its replies fill the memory', async () => {
  const client = await login();
  const { _protocol: protocol } = client as unknown as {
    _protocol: { ping(): void; _decipher: { _onPayload: (payload: Buffer) => unknown } };
  };
  const { _decipher: decipher } = protocol;
  const handle = decipher._onPayload;
  decipher._onPayload = (payload) => (payload[0] === 20 ? undefined : handle(payload));
  let open = true;
  client.on('close', () => {
    open = false;
  });
  let requests = 0;
  for (; open && requests < 2_000_000; requests += 1000) {
    for (let count = 0; count < 1000; count++) protocol.ping();
    await turn();
  }
  expect(open).toBe(false);
  expect(site.log.lines).toContainEqual(
    expect.objectContaining({ message: 'a client does not take its answers' }),
  );
});

async function login() {
  const client = new ssh2.Client();
  client.on('error', () => {});
  const privateKey = readFileSync(site.key);
  client.connect({ host: '127.0.0.1', port: site.port, username: 'partner', privateKey });
  await once(client, 'ready');
  return client;
}

/** A request that the server refuses. */
function roundTrip(client: Awaited<ReturnType<typeof login>>): Promise<unknown> {
  return new Promise((resolve) => client.forwardIn('127.0.0.1', 0, resolve));
}
