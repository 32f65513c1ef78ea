import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ParsedKey } from 'ssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HostKey, loadHostKeys } from '../../../src/sftp/transport/host-key.ts';
import { ssh2 } from '../../../src/sftp/transport/ssh2/ssh2.ts';
import { newer } from '../../clients/newer.ts';
import { run, type SftpSite, startSite } from '../an-sftp-server.ts';

let directory: string;
let current: HostKey;
let next: HostKey;
let before: SftpSite; // the next key is announced
let after: SftpSite; // it is used

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'policydrop-'));
  current = await freshKey('current');
  next = await freshKey('next');
  before = await startSite({}, [current, next]);
  after = await startSite({}, [next]);
});

afterAll(async () => {
  await before.remove();
  await after.remove();
  rmSync(directory, { recursive: true });
});

async function freshKey(name: string): Promise<HostKey> {
  mkdirSync(join(directory, name));
  const [key] = await loadHostKeys(join(directory, name));
  return key;
}

describe.each([
  ['the OpenSSH of this machine', 'sftp', 'ssh'],
  ['a current OpenSSH', newer('sftp'), newer('ssh')],
])('%s', (_which, sftp, ssh) => {
  test.skipIf(!sftp || !ssh)(
    'learns the next key while the first is in use, then forgets the first',
    async () => {
      const file = join(mkdtempSync(join(directory, 'client-')), 'known_hosts');
      writeFileSync(file, `policydrop ${current.publicKey}\n`);
      const known = () => readFileSync(file, 'utf8');
      const options = ['HostKeyAlias=policydrop', `UserKnownHostsFile=${file}`, 'UpdateHostKeys=yes'];
      const login = (site: SftpSite) => {
        const args = [
          '-S',
          `${ssh}`,
          '-b',
          '-',
          ...options.flatMap((option) => ['-o', option]),
          ...site.ssh(),
        ];
        return run(`${sftp}`, [...args, 'partner@127.0.0.1'], 'pwd\n');
      };
      expect((await login(after)).stderr).toContain('Host key verification failed');

      expect(await login(before)).toMatchObject({ status: 0 });
      expect(known()).toContain(current.publicKey);
      expect(known()).toContain(next.publicKey);

      expect(await login(after)).toMatchObject({ status: 0 });
      expect(known()).not.toContain(current.publicKey);
      expect(known()).toContain(next.publicKey);
    },
  );
});

describe('a proof is refused', () => {
  test('of a key that the server does not have', async () => {
    const stranger = await freshKey('stranger');
    expect(await proof([stranger])).toBe('refused');
    expect(await proof([current, stranger])).toBe('refused');
  });

  test('of more keys than there are, and of none', async () => {
    expect(await proof([current, next])).not.toBe('refused');
    expect(await proof([current, next, next])).toBe('refused');
    expect(await proof([])).toBe('refused');
  });

  test('before the login', async () => {
    expect(await proof([current], 'handshake')).toBe('refused');
  });
});

/** What ssh2's client is answered when it asks for these keys. */
async function proof(
  keys: readonly HostKey[],
  when: 'handshake' | 'ready' = 'ready',
): Promise<Buffer | 'refused'> {
  const client = new ssh2.Client();
  client.on('error', () => {});
  const privateKey = readFileSync(before.key);
  client.connect({ host: '127.0.0.1', port: before.port, username: 'partner', privateKey });
  await once(client, when);
  const { _protocol: protocol, _callbacks: callbacks } = client as unknown as {
    _protocol: { openssh_hostKeysProve(keys: readonly Pick<ParsedKey, 'getPublicSSH'>[]): void };
    _callbacks: ((refused: boolean, data: Buffer) => void)[];
  };
  const answered = new Promise<Buffer | 'refused'>((resolve) => {
    callbacks.push((refused, data) => resolve(refused ? 'refused' : data));
  });
  protocol.openssh_hostKeysProve(keys.map(({ blob }) => ({ getPublicSSH: () => blob })));
  return answered.finally(() => client.destroy());
}
