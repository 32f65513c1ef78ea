// What other implementations make of the transport: a current OpenSSH, Dropbear, and an auditor.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newer } from '../../clients/newer.ts';
import { makeKey, publicKey, run, type SftpSite, startSite } from '../an-sftp-server.ts';

let site: SftpSite;

beforeAll(async () => {
  site = await startSite();
});

afterAll(() => site.remove());

const ssh = newer('ssh');
const sftp = newer('sftp');
const audit = newer('ssh-audit');
const dbclient = newer('dbclient');
const dropbearconvert = newer('dropbearconvert');

describe.skipIf(!ssh || !sftp)('a current OpenSSH', () => {
  const pwd = (...options: string[]) =>
    run(`${sftp}`, ['-S', `${ssh}`, '-b', '-', ...options, 'partner@127.0.0.1'], 'pwd\n');

  test.each([
    ['ed25519', undefined],
    ['ecdsa', 256],
    ['ecdsa', 384],
    ['ecdsa', 521],
    ['rsa', 2048],
    ['rsa', 4096],
  ])('logs in with a key of type %s and %s bits, without a warning', async (type, bits) => {
    const identity = makeKey(site.directory, type, bits);
    site.accounts.get('partner')?.keys.push(publicKey(identity));
    const { status, stdout, stderr } = await pwd(...site.ssh(identity));
    expect(stderr).toBe('');
    expect(stdout).toContain('Remote working directory: /');
    expect(status).toBe(0);
  });

  test('exchanges keys against the computers to come, and is told which signatures will do', async () => {
    const { stderr } = await pwd('-v', ...site.ssh());
    expect(stderr).toContain('kex: algorithm: mlkem768x25519-sha256');
    expect(stderr).toContain('resetting send seqnr'); // strict key exchange
    expect(stderr.match(/server-sig-algs=<.*>/g)).toEqual([
      'server-sig-algs=<ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-512,rsa-sha2-256>',
    ]);
  });

  test.each([
    ['mlkem768x25519-sha256', 'mlkem768x25519-sha256'],
    ['curve25519-sha256,mlkem768x25519-sha256', 'curve25519-sha256'],
    ['curve25519-sha256@libssh.org', 'curve25519-sha256@libssh.org'],
    ['sntrup761x25519-sha512,mlkem768x25519-sha256', 'mlkem768x25519-sha256'],
  ])('that wants %s gets %s', async (wanted, got) => {
    const { status, stderr } = await pwd('-v', '-o', `KexAlgorithms=${wanted}`, ...site.ssh());
    expect(stderr).toContain(`kex: algorithm: ${got}\r\n`);
    expect(status).toBe(0);
  });

  test('that has none of our methods is told so', async () => {
    const { status, stderr } = await pwd('-o', 'KexAlgorithms=ecdh-sha2-nistp256', ...site.ssh());
    expect(stderr).toContain('no matching key exchange method found');
    expect(status).toBe(255);
  });
});

describe.skipIf(!dbclient || !dropbearconvert)('Dropbear, which sends its first packet on a guess', () => {
  test('logs in and ends with status 0', async () => {
    const key = `${site.key}.dropbear`;
    const converted = await run(`${dropbearconvert}`, ['openssh', 'dropbear', site.key, key]);
    expect(converted.status).toBe(0);
    const args = ['-y', '-y', '-i', key, '-p', String(site.port), '-s', 'partner@127.0.0.1', 'sftp'];
    expect(await run(`${dbclient}`, args)).toMatchObject({ status: 0, stdout: '' });
    expect(site.log.lines.at(-1)).toMatchObject({ message: 'logged in' });
  });
});

describe.skipIf(!audit)('ssh-audit', () => {
  type Algorithm = { algorithm: string; notes: { fail?: string[]; warn?: string[] } };

  test('finds nothing to fail and nothing to warn of', async () => {
    // Without the test of the rate of connections: limiting it is not the transport's work.
    const args = ['--json', '--skip-rate-test', '--port', String(site.port), '127.0.0.1'];
    const { stdout } = await run(`${audit}`, args);
    const report = JSON.parse(stdout) as Record<string, Algorithm[]>;
    for (const kind of ['kex', 'key', 'enc', 'mac']) {
      expect(report[kind]?.length).toBeGreaterThan(0);
      for (const { algorithm, notes } of report[kind] ?? []) {
        expect([algorithm, notes.fail ?? [], notes.warn ?? []]).toEqual([algorithm, [], []]);
      }
    }
    expect(report).toMatchObject({ cves: [], compression: ['none'] });
    expect(report['kex']?.map(({ algorithm }) => algorithm)).toEqual([
      'mlkem768x25519-sha256',
      'curve25519-sha256',
      'curve25519-sha256@libssh.org',
      'kex-strict-s-v00@openssh.com',
    ]);
  });
});
