// Bans as clients meet them, with OpenSSH's.
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { makeKey, type SftpSite, startSite } from '../an-sftp-server.ts';

let site: SftpSite;

afterEach(() => site.remove());

const lines = (message: string) => site.log.lines.filter((line) => line.message === message);
const elsewhere = ['-o', 'BindAddress=127.0.0.2'];

test('sixty wrong logins: the source is banned with the fifteenth, its right key too, and nobody else', async () => {
  site = await startSite({ ban: 1_800_000 });
  const identity = makeKey(site.directory, 'ed25519');
  for (let round = 0; round < 5; round++) {
    await Promise.all(Array.from({ length: 12 }, () => site.sftp(['pwd'], { identity })));
  }
  expect(lines('banned a source')).toMatchObject([
    {
      level: 'warn',
      fields: { source: '127.0.0.1', until: expect.stringMatching(/^20.*Z$/), last: 'refused_login' },
    },
  ]);
  const refused = lines('refused a login').length;
  expect(refused).toBeGreaterThanOrEqual(15);
  expect(refused).toBeLessThanOrEqual(24); // those that were under way when the ban began
  expect(lines('refused a connection')).toMatchObject([
    { fields: { reason: expect.stringMatching(/^banned until 20/) } },
  ]);
  expect((await site.sftp(['pwd'])).status).toBe(255);
  expect((await site.sftp(['pwd'], { options: elsewhere })).status).toBe(0);
}, 60_000);

test('an agent’s wrong keys before the right one count nothing', async () => {
  site = await startSite({ ban: 1_800_000 });
  const wrong = makeKey(site.directory, 'ed25519');
  for (let round = 0; round < 16; round++) {
    expect(
      (await site.sftp(['pwd'], { identity: wrong, options: ['-o', `IdentityFile=${site.key}`] })).status,
    ).toBe(0);
  }
  expect(lines('refused a login').length).toBe(16);
  expect(lines('banned a source')).toEqual([]);
}, 60_000);

test('a login does not forgive what others of its source did', async () => {
  site = await startSite({ ban: 1_800_000 });
  for (let count = 0; count < 7; count++) await site.sftp(['pwd'], { user: 'nobody' });
  expect((await site.sftp(['pwd'])).status).toBe(0);
  expect(lines('banned a source')).toEqual([]);
  await site.sftp(['pwd'], { user: 'nobody' });
  expect(lines('banned a source')).toMatchObject([{ fields: { last: 'unknown_user' } }]);
}, 60_000);

test('connections that say nothing for the whole login grace lead to a ban', async () => {
  site = await startSite({ ban: 1_800_000, login_grace: 50 });
  await Promise.all(
    Array.from({ length: 15 }, async () => {
      const socket = connect(site.port, '127.0.0.1').resume();
      await once(socket, 'close');
    }),
  );
  await vi.waitFor(() => {
    expect(lines('banned a source')).toMatchObject([{ fields: { last: 'no_login' } }]);
  });
});

test('connections that are closed again at once, as a health check does, do not', async () => {
  site = await startSite({ ban: 1_800_000 });
  for (let count = 0; count < 30; count++) {
    const socket = connect(site.port, '127.0.0.1').resume();
    await once(socket, 'connect');
    socket.end();
    await once(socket, 'close');
  }
  expect((await site.sftp(['pwd'])).status).toBe(0);
});
