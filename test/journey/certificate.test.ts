// What docs/operator.md says about certificates, done on the whole server.
import { execFileSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { eventually, Site } from './a-server.ts';

let site: Site;

afterEach(() => site.remove());

test('a partner logs in with a certificate until it is revoked', async () => {
  site = new Site();
  const keygen = (...args: string[]) => execFileSync('ssh-keygen', ['-q', ...args], { cwd: site.directory });
  keygen('-t', 'ed25519', '-N', '', '-f', 'acme_ca', '-C', 'authority for acme');
  keygen('-t', 'ed25519', '-N', '', '-f', 'other');
  site.cli('account', 'add', 'partner', '--key', `${site.directory}/other.pub`, '--mode', 'test');
  site.cli('key', 'add', 'partner', `${site.directory}/acme_ca.pub`, '--ca');
  const named = ['-I', 'acme nightly upload', '-n', 'partner', '-z', '17', '-V', '+90d', '-O', 'clear'];
  keygen('-s', 'acme_ca', ...named, 'id_ed25519.pub');
  const { log } = await site.start();
  expect(site.sftp('ls').status).toBe(0);
  await eventually(() => log.join('').includes('acme nightly upload, serial 17'));

  site.cli('key', 'revoke', 'partner', '--serial', '17');
  expect(site.sftp('ls').status).toBe(255);
  await eventually(() => log.join('').includes('the serial 17 is revoked'));

  keygen('-s', 'acme_ca', '-I', 'again', '-n', 'partner', '-z', '18', 'id_ed25519.pub');
  expect(site.sftp('ls').status).toBe(0);
  renameSync(`${site.key}-cert.pub`, `${site.key}-kept.pub`);
  expect(site.sftp('ls').status).toBe(255);
});
