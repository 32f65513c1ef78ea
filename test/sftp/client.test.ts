import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectSftp } from '../../src/sftp/client.ts';
import { type SftpSite, startSite } from './an-sftp-server.ts';

let site: SftpSite;

beforeAll(async () => {
  site = await startSite();
});

afterAll(() => site.remove());

const login = () => ({
  ...{ host: '127.0.0.1', port: site.port, username: 'partner' },
  privateKey: readFileSync(site.key, 'utf8'),
});

test('puts and lists', async () => {
  await using client = await connectSftp(login());
  const bytes = Buffer.alloc(1_000_000, 'policy');
  await client.put(bytes, '/test/a.csv');
  expect(readFileSync(join(site.root, 'test/a.csv')).equals(bytes)).toBe(true);
  expect(await client.list('/test')).toContain('a.csv');
});

test('fails with the text of the server', async () => {
  await using client = await connectSftp(login());
  await expect(client.put(Buffer.from('x'), '/absent/a.csv')).rejects.toThrow('ENOENT');
});

test('fails when it may not log in', async () => {
  await expect(connectSftp({ ...login(), username: 'nobody' })).rejects.toThrow(
    'authentication methods failed',
  );
});
