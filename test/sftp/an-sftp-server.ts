// The real server on a directory, and OpenSSH's clients against it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account, Revocation, SshKey } from '../../src/domain/account.ts';
import type { AccountId } from '../../src/domain/ids.ts';
import { parsePublicKeys } from '../../src/domain/public-key.ts';
import type { Drop } from '../../src/inbox/drop.ts';
import type { Limits } from '../../src/sftp/limits.ts';
import { startSftp } from '../../src/sftp/server.ts';
import { type HostKeys, loadHostKeys } from '../../src/sftp/transport/host-key.ts';
import { keptLog } from './a-log.ts';
import { directoryDrop } from './protocol/a-directory-drop.ts';
import { someLimits } from './some-limits.ts';

export type Ended = { readonly status: number | null; readonly stdout: string; readonly stderr: string };
type Login = { account: Account; keys: SshKey[]; revocations?: Revocation[] };
export type SftpSite = Awaited<ReturnType<typeof startSite>>;

/**
 * A server with the account `partner`, whose Ed25519 key is at `key`, and its files in `root`, or in what `drop` gives;
 * host keys of its own, or these.
 */
export async function startSite(limits: Partial<Limits> = {}, given?: HostKeys, drop?: () => Drop) {
  const directory = mkdtempSync(join(tmpdir(), 'policydrop-'));
  const root = join(directory, 'root');
  mkdirSync(join(root, 'test'), { recursive: true });
  const key = makeKey(directory, 'ed25519');
  const accounts = new Map<string, Login>([
    ['partner', { account: accountNamed('partner'), keys: [publicKey(key)] }],
  ]);
  const hostKeys = given ?? (await loadHostKeys(directory));
  const log = keptLog();
  const journal: string[] = [];
  const server = await startSftp({
    host: '127.0.0.1',
    port: 0,
    limits: someLimits(limits),
    hostKeys,
    olderMacs: false,
    lookup: async (name) => {
      const found = accounts.get(name);
      return found && { revocations: [], ...found };
    },
    dropFor: () => drop?.() ?? directoryDrop(root, journal),
    log,
    clock: Date.now,
  });
  const knownHosts = join(directory, 'known_hosts');
  writeFileSync(knownHosts, `[127.0.0.1]:${server.port} ${hostKeys[0].publicKey}\n`);

  /** The options that every client of OpenSSH takes; `identity` is the file of the private key. */
  const ssh = (identity = key) => [
    ...['-F', 'none', '-o', `Port=${server.port}`, '-o', `UserKnownHostsFile=${knownHosts}`],
    ...['-o', 'StrictHostKeyChecking=yes', '-o', 'BatchMode=yes', '-o', `IdentityFile=${identity}`],
    ...['-o', 'IdentitiesOnly=yes', '-o', 'IdentityAgent=none'],
  ];

  return {
    ...{ directory, root, key, accounts, hostKeys, log, journal, server, ssh, port: server.port },

    /** A file outside the server, for `put`. */
    file(name: string, content: string | Uint8Array): string {
      const path = join(directory, name);
      writeFileSync(path, content);
      return path;
    },

    sftp(commands: readonly string[], { identity = key, user = 'partner', options = [] as string[] } = {}) {
      const args = ['-b', '-', ...ssh(identity), ...options, `${user}@127.0.0.1`];
      return run('sftp', args, `${commands.join('\n')}\n`);
    },

    async remove(): Promise<void> {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export function accountNamed(name: string, disabled = false): Account {
  const limits = { modes: ['test'], integrations: [], bad_rows: 'reject-rows' } as const;
  return { id: `acc_${name}` as AccountId, name, ...limits, disabled, created_at: 0 };
}

/** The file of a fresh private key; the public one is beside it. */
export function makeKey(directory: string, type: string, bits?: number): string {
  const file = join(mkdtempSync(join(directory, 'key-')), `id_${type}`);
  const size = bits === undefined ? [] : ['-b', String(bits)];
  const args = ['-q', '-t', type, ...size, '-N', '', '-C', 'a comment', '-f', file];
  const { error, status, stderr } = spawnSync('ssh-keygen', args, { encoding: 'utf8' });
  if (error) throw new Error('ssh-keygen is not here: install openssh-client', { cause: error });
  if (status !== 0) throw new Error(`ssh-keygen: ${stderr}`);
  return file;
}

export function publicKey(file: string): SshKey {
  const keys = parsePublicKeys(readFileSync(`${file}.pub`, 'utf8'));
  if (!keys.ok || !keys.value[0]) throw new Error('no key');
  return { ...keys.value[0], created_at: 0 };
}

/** Runs a client to its end. */
export function run(command: string, args: readonly string[], input = ''): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text) => {
      stdout += text;
    });
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    child.on('error', (cause) =>
      reject(new Error(`${command} is not here: install openssh-client`, { cause })),
    );
    child.on('close', (status) => resolve({ status, stdout, stderr }));
    child.stdin.on('error', () => {}); // it may end before it has read all
    child.stdin.end(input);
  });
}
