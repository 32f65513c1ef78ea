// What a stranger may cost: many connections, that say nothing or come too fast.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { type SftpSite, startSite } from '../an-sftp-server.ts';
import { defaultLimits } from '../some-limits.ts';

let site: SftpSite;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await site.remove();
});

/** Connections that never speak; each resolves to what the server said first, or nothing. */
function silent(count: number, localAddress = '127.0.0.1'): Promise<string[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect({ port: site.port, host: '127.0.0.1', localAddress });
      sockets.push(socket);
      socket.on('error', () => {});
      const said = await Promise.race([once(socket, 'data'), once(socket, 'close')]);
      return Buffer.isBuffer(said[0]) ? said[0].toString() : '';
    }),
  );
}

const served = (said: readonly string[]) => said.filter((text) => text.startsWith('SSH-2.0-')).length;
const refusals = () => site.log.lines.filter(({ message }) => message === 'refused a connection');

test('of 500 connections that never speak twenty are kept, one line is logged, and others log in meanwhile', async () => {
  site = await startSite(defaultLimits());
  expect(served(await silent(500))).toBe(20);
  expect(refusals()).toMatchObject([{ level: 'warn', fields: { source: '127.0.0.1' } }]);
  const options = ['-o', 'BindAddress=127.0.0.2'];
  expect((await site.sftp(['pwd'], { options })).status).toBe(0);
});

test('a source that was refused gets in again when its silent connections have gone', async () => {
  site = await startSite({ startups_per_source: 3 });
  expect(served(await silent(10))).toBe(3);
  expect((await site.sftp(['pwd'])).status).toBe(255);
  for (const socket of sockets.splice(0)) socket.destroy();
  await vi.waitFor(async () => expect((await site.sftp(['pwd'])).status).toBe(0));
});

test('there are no more connections in all than the setting says, whoever they are of', async () => {
  site = await startSite({ connections: 5 });
  expect(served(await silent(4))).toBe(4);
  expect(served(await silent(4, '127.0.0.2'))).toBe(1);
  expect(refusals()).toMatchObject([
    { fields: { source: '127.0.0.2', reason: '5 connections are open in all (sftp.connections)' } },
  ]);
});

test('connections that come too fast are refused before the key exchange', async () => {
  site = await startSite({ connection_rate: 1 });
  for (let count = 0; count < 5; count++) expect(served(await silent(1))).toBe(1);
  const { status, stderr } = await site.sftp(['pwd'], { options: ['-v'] });
  expect(status).toBe(255);
  expect(stderr).toContain('Not allowed at this time');
  expect(refusals()).toMatchObject([{ fields: { reason: expect.stringContaining('sftp.connection_rate') } }]);
});
