import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checksumOf } from '../../../src/sftp/commands/checksum.ts';
import { run, type SftpSite, startSite } from '../an-sftp-server.ts';

let site: SftpSite;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.remove());

const ssh = (command: string, input?: string) =>
  run('ssh', [...site.ssh(), 'partner@127.0.0.1', command], input);

describe.each(['md5sum', 'sha1sum', 'sha256sum'])('%s', (program) => {
  test.each([
    ['an empty file', 'empty.csv', Buffer.alloc(0)],
    ['a file', 'tickets.csv', Buffer.from('a,b\n1,2\n')],
    ['a file of more than a block', 'large.csv', randomBytes(700_001)],
    ['a file whose name a shell would change', "it's $HOME.csv", Buffer.from('x')],
    ['a file whose name has a backslash and a line end', 'a\\b\nc.csv', Buffer.from('x')],
  ])('of %s is that of coreutils', async (_what, name, bytes) => {
    const path = join(site.root, 'test', name);
    writeFileSync(path, bytes);
    const quoted = `'${`/test/${name}`.replaceAll("'", "'\\''")}'`;
    const { stdout } = spawnSync(program, [path], { encoding: 'utf8' });
    const here = stdout.replace(site.root.replaceAll('\\', '\\\\'), '');
    expect(await ssh(`${program} ${quoted}`)).toEqual({ status: 0, stdout: here, stderr: '' });
  });

  test('of what the client sends is that of coreutils', async () => {
    for (const input of ['', 'abc', 'x'.repeat(300_000)]) {
      const { stdout } = spawnSync(program, { encoding: 'utf8', input });
      expect(await ssh(program, input)).toEqual({ status: 0, stdout, stderr: '' });
    }
  });

  test('of what is not there says so', async () => {
    const { status, stdout, stderr } = await ssh(`${program} /test/absent.csv`);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`${program}: /test/absent.csv: `);
  });

  test('of a path that leads out of the folders is one of nothing', async () => {
    expect(await ssh(`${program} ../../../../etc/passwd`)).toMatchObject({ status: 1, stdout: '' });
  });
});

test('of a file, relative to the root', () => {
  expect(checksumOf('md5sum test/a.csv')).toEqual({
    program: 'md5sum',
    algorithm: 'md5',
    path: 'test/a.csv',
  });
});

test.each([
  ...['id', 'md5sum -c sums', 'md5sum --version', 'md5sum a b', "md5sum ''", 'md5sum -', 'md5 -r a'],
  ...['/usr/bin/md5sum a', 'md5sum a; id', 'toString a', '__proto__', ''],
])('%j is no sum, and refused', async (command) => {
  expect(checksumOf(command)).toBeUndefined();
});

test('a command that is refused is in the log, cut and printable', async () => {
  expect(await ssh('md5sum a; rm -rf /')).toMatchObject({ status: 1, stdout: '' });
  expect(await ssh(`\u{1b}]0;title\u{9b}31m${'x'.repeat(200)}`)).toMatchObject({ status: 1, stdout: '' });
  const refusals = site.log.lines.filter(({ message }) => message === 'refused what is not SFTP');
  expect(refusals.slice(-2)).toMatchObject([
    { level: 'info', fields: { user: 'partner', wanted: 'md5sum a; rm -rf /' } },
    { level: 'info', fields: { user: 'partner', wanted: `�]0;title�31m${'x'.repeat(87)}` } },
  ]);
});

test('refused commands leave room for others on the same connection', async () => {
  const master = join(site.directory, 'master');
  const shared = ['-o', 'ControlMaster=auto', '-o', `ControlPath=${master}`, '-o', 'ControlPersist=30'];
  const again = (command: string) => run('ssh', [...site.ssh(), ...shared, 'partner@127.0.0.1', command]);
  for (let n = 0; n < 12; n++) expect(await again('id')).toMatchObject({ status: 1 });
  expect(await again('md5sum')).toMatchObject({ status: 0 });
  await run('ssh', ['-o', `ControlPath=${master}`, '-O', 'exit', 'partner@127.0.0.1']);
});
