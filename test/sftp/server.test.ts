import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startSftp } from '../../src/sftp/server.ts';
import { makeKey, publicKey, run, type SftpSite, startSite } from './an-sftp-server.ts';
import { someLimits } from './some-limits.ts';

let site: SftpSite;

beforeAll(async () => {
  site = await startSite();
});

afterAll(() => site.remove());

beforeEach(() => {
  site.journal.length = 0;
});

describe("OpenSSH's sftp", () => {
  test.each([
    ['ecdsa', 256],
    ['ecdsa', 384],
    ['ecdsa', 521],
    ['rsa', 2048],
    ['rsa', 3072],
  ])('logs in with a key of type %s and %i bits, as with Ed25519 everywhere else', async (type, bits) => {
    const identity = makeKey(site.directory, type, bits);
    site.accounts.get('partner')?.keys.push(publicKey(identity));
    const { status, stdout, stderr } = await site.sftp(['pwd'], { identity });
    expect(stderr).toBe('');
    expect(stdout).toContain('Remote working directory: /');
    expect(status).toBe(0);
  });

  test('puts and gets a large file unchanged, with each of the ciphers', async () => {
    const bytes = randomBytes(5_000_001);
    const sent = site.file('sent', bytes);
    const got = join(site.directory, 'got');
    const ciphers = ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'chacha20-poly1305@openssh.com'];
    for (const cipher of [...ciphers, 'aes256-ctr', 'aes128-ctr']) {
      const commands = [`put ${sent} /test/large.csv`, `get /test/large.csv ${got}`];
      const { status, stderr } = await site.sftp(commands, { options: ['-c', cipher] });
      expect([status, stderr]).toEqual([0, '']);
      expect(readFileSync(join(site.root, 'test/large.csv')).equals(bytes)).toBe(true);
      expect(readFileSync(got).equals(bytes)).toBe(true);
    }
  });

  test('exchanges keys again and again in the middle of a transfer', async () => {
    const bytes = randomBytes(8_000_000);
    const sent = site.file('sent', bytes);
    const got = join(site.directory, 'got');
    const commands = [`put ${sent} /test/rekeyed.csv`, `get /test/rekeyed.csv ${got}`];
    const { status } = await site.sftp(commands, { options: ['-o', 'RekeyLimit=1M'] });
    expect(status).toBe(0);
    expect(readFileSync(got).equals(bytes)).toBe(true);
  });

  test('is told of extensions, and how much room there is', async () => {
    const { status, stdout, stderr } = await site.sftp(['df -i'], { options: ['-vv'] });
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/Inodes +Used +Avail/);
    const known = [...stderr.matchAll(/Server supports extension "([\w@.-]+)" revision (\d)/g)];
    expect(known.map(([, name, version]) => `${name} ${version}`)).toEqual(
      expect.arrayContaining([
        'posix-rename@openssh.com 1',
        'statvfs@openssh.com 2',
        'fstatvfs@openssh.com 2',
        'fsync@openssh.com 1',
        'lsetstat@openssh.com 1',
        'limits@openssh.com 1',
        'expand-path@openssh.com 1',
      ]),
    );
  });

  test('puts an empty file', async () => {
    const { status } = await site.sftp([`put ${site.file('empty', '')} /test/empty.csv`]);
    expect(status).toBe(0);
    expect(statSync(join(site.root, 'test/empty.csv')).size).toBe(0);
    expect(site.journal).toEqual(['committed /test/empty.csv']);
  });

  test('lists, renames, overwrites by rename, removes', async () => {
    writeFileSync(join(site.root, 'test/one.csv'), 'one');
    writeFileSync(join(site.root, 'test/two.csv'), 'two!');
    const { status, stdout } = await site.sftp([
      'ls -l /test/one.csv',
      'rename /test/one.csv /test/two.csv',
      'ls -1 /test/two.csv',
      'rm /test/two.csv',
      '-ls /test/two.csv',
    ]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/-rw-r--r--.* 3 .*one\.csv/);
    expect(readdirSync(join(site.root, 'test'))).not.toContain('one.csv');
    expect(readdirSync(join(site.root, 'test'))).not.toContain('two.csv');
  });

  test('continues an upload and a download with reput and reget', async () => {
    const bytes = randomBytes(1_000_000);
    const sent = site.file('sent', bytes);
    const got = site.file('got', bytes.subarray(0, 400_000));
    writeFileSync(join(site.root, 'test/resumed.csv'), bytes.subarray(0, 300_000));
    const { status } = await site.sftp([`reput ${sent} /test/resumed.csv`, `reget /test/resumed.csv ${got}`]);
    expect(status).toBe(0);
    expect(readFileSync(join(site.root, 'test/resumed.csv')).equals(bytes)).toBe(true);
    expect(readFileSync(got).equals(bytes)).toBe(true);
  });

  test('keeps the time of a file with put -p, and makes it durable with put -f', async () => {
    const sent = site.file('dated', 'x');
    utimesSync(sent, 1_600_000_000, 1_600_000_000);
    const { status, stderr } = await site.sftp([`put -pf ${sent} /test/dated.csv`]);
    expect([status, stderr]).toEqual([0, '']);
    expect(statSync(join(site.root, 'test/dated.csv')).mtimeMs).toBe(1_600_000_000_000);
  });

  test('shows why something is refused', async () => {
    const { status, stderr } = await site.sftp(['mkdir /test/folder']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/permission denied/i);
  });

  test('is told at once when the disk is full, and the session goes on', async () => {
    symlinkSync('/dev/full', join(site.root, 'test/full.csv'));
    const sent = site.file('sent', randomBytes(3_000_000));
    const { status, stderr, stdout } = await site.sftp([`-put ${sent} /test/full.csv`, 'pwd']);
    expect(status).toBe(0);
    expect(stderr).toMatch(/write remote|close remote/i);
    expect(stdout).toContain('Remote working directory: /');
  });
});

describe("OpenSSH's scp", () => {
  test('finds the home directory', async () => {
    const sent = site.file('sent.csv', 'text');
    const { status, stderr } = await run('scp', [...site.ssh(), sent, 'partner@127.0.0.1:~/test/home.csv']);
    expect(status, stderr).toBe(0);
    expect(readFileSync(join(site.root, 'test/home.csv'), 'utf8')).toBe('text');
  });

  test('copies to the server and back, also onto a longer file', async () => {
    const bytes = randomBytes(700_000);
    writeFileSync(join(site.root, 'test/copied.csv'), Buffer.alloc(900_000));
    const remote = 'partner@127.0.0.1:/test/copied.csv';
    const there = await run('scp', [...site.ssh(), '-p', site.file('sent', bytes), remote]);
    expect([there.status, there.stderr]).toEqual([0, '']);
    expect(readFileSync(join(site.root, 'test/copied.csv')).equals(bytes)).toBe(true);
    const got = join(site.directory, 'got');
    const back = await run('scp', [...site.ssh(), remote, got]);
    expect(back.status).toBe(0);
    expect(readFileSync(got).equals(bytes)).toBe(true);
  });

  test('of the old protocol is told that there is only SFTP', async () => {
    const sent = site.file('sent', 'x');
    const { status, stderr } = await run('scp', [...site.ssh(), '-O', sent, 'partner@127.0.0.1:/test/a.csv']);
    expect(status).not.toBe(0);
    expect(stderr).toContain('This server speaks SFTP only');
  });
});

describe("OpenSSH's ssh", () => {
  const ssh = (...args: string[]) => run('ssh', [...site.ssh(), ...args]);

  test('is told that there is no shell, and no commands', async () => {
    for (const args of [['partner@127.0.0.1'], ['-tt', 'partner@127.0.0.1'], ['partner@127.0.0.1', 'id']]) {
      const { status, stdout, stderr } = await ssh(...args);
      expect(stderr).toContain('This server speaks SFTP only');
      expect(stdout).toBe('');
      expect(status).toBe(1);
    }
  });

  test('is refused another subsystem', async () => {
    const { status, stderr } = await ssh('-s', 'partner@127.0.0.1', 'netconf');
    expect(stderr).toContain('subsystem request failed');
    expect(status).not.toBe(0);
  });

  test('ends with status 0 after a session of the subsystem', async () => {
    expect(await ssh('-s', 'partner@127.0.0.1', 'sftp')).toMatchObject({ status: 0, stderr: '' });
  });

  test('is refused forwarding', async () => {
    const { status, stderr } = await ssh('-W', '127.0.0.1:22', 'partner@127.0.0.1');
    expect(stderr).toContain('open failed');
    expect(status).not.toBe(0);
  });
});

describe('the server', () => {
  test('says which setting to change when its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const port = (other.address() as { port: number }).port;
    const starting = startSftp({
      ...{
        host: '127.0.0.1',
        port,
        limits: someLimits(),
        hostKeys: site.hostKeys,
        olderMacs: false,
        log: site.log,
        clock: Date.now,
      },
      lookup: async () => undefined,
      dropFor: () => {
        throw new Error('nobody logs in');
      },
    });
    await expect(starting).rejects.toThrow(
      `Port ${port} is taken. Choose another for SFTP with --sftp-port.`,
    );
    other.close();
  });

  test('served all of this without an error of its own', () => {
    expect(site.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
