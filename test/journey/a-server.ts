// The real program as its users meet it: a process of its own, OpenSSH's clients, a webhook receiver.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/main.mjs', import.meta.url));

export const EXAMPLE = fileURLToPath(new URL('../../examples/tickets.csv', import.meta.url));

/** A directory with a partner's key pair and, at `data`, whatever the program keeps. */
export class Site {
  readonly directory: string;
  readonly data: string;
  readonly key: string;
  /** Short, so that tests need not wait; long enough for a client's own operations after CLOSE. */
  readonly environment: Record<string, string> = {
    POLICYDROP_SETTLE: '300ms',
    POLICYDROP_GRACE: '200ms',
    POLICYDROP_WEBHOOKS_ALLOW: '127.0.0.0/8',
  };
  server: RunningServer | undefined;

  constructor(parent = tmpdir()) {
    this.directory = mkdtempSync(join(parent, 'policydrop-'));
    this.data = join(this.directory, 'data');
    this.key = join(this.directory, 'id_ed25519');
    run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', this.key]);
  }

  /** Runs the CLI; stdout is one JSON document, or one a line. */
  cli<T = Record<string, unknown>>(...args: string[]): T[] {
    const { stdout, stderr, status } = this.cliResult('--json', ...args);
    if (status !== 0) throw new Error(`policydrop ${args.join(' ')} ended with ${status}: ${stderr}`);
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as T);
  }

  cliResult(...args: string[]) {
    return spawnSync(process.execPath, [MAIN, '--data', this.data, ...args], {
      encoding: 'utf8',
      env: { ...process.env, ...this.environment },
      maxBuffer: 1 << 30,
      timeout: 120_000, // a test that hangs must end as a failure
    });
  }

  /** Runs the CLI while this process goes on, for what talks to it. */
  async cliBeside(...args: string[]) {
    const child = spawn(process.execPath, [MAIN, '--data', this.data, ...args], {
      env: { ...process.env, ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const [stdout, stderr] = await Promise.all([child.stdout.toArray(), child.stderr.toArray()]);
    return { stdout: stdout.join(''), stderr: stderr.join(''), status: await ended };
  }

  async start(): Promise<RunningServer> {
    const child = spawn(
      process.execPath,
      [MAIN, '--data', this.data, '--json', 'serve', '--sftp-port', '0', '--http-port', '0'],
      { env: { ...process.env, ...this.environment }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.server = await RunningServer.ready(child);
    return this.server;
  }

  /**
   * Stops the server's process, with no transaction open, as soon as some row is decided,
   * however fast it is; gives how many are. It goes on with `server.goOn()`.
   */
  async stopMidway(): Promise<number> {
    const db = new DatabaseSync(join(this.data, 'policydrop.db'), { timeout: 0 });
    const decided = () => Number(db.prepare('SELECT sum(rows) AS rows FROM import').get()?.['rows']);
    await eventually(() => decided() > 0, 30_000, 2);
    while (!(await this.server?.stoppedBetweenTransactions(db)));
    const rows = decided();
    db.close();
    return rows;
  }

  /** Runs an `sftp` batch; a line that begins with `-` may fail. */
  sftp(commands: string, ...options: string[]) {
    const batch = join(this.directory, 'batch');
    writeFileSync(batch, `${commands}\n`);
    return spawnSync('sftp', ['-b', batch, ...this.sshOptions(), ...options, 'partner@127.0.0.1'], {
      encoding: 'utf8',
      cwd: this.directory,
    });
  }

  sshOptions(): string[] {
    const port = String(this.server?.sftpPort);
    const options = [
      `Port=${port}`,
      `IdentityFile=${this.key}`,
      'IdentitiesOnly=yes',
      'StrictHostKeyChecking=no',
    ];
    return [...options, 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'].flatMap((option) => ['-o', option]);
  }

  /** A file of this site, for `put`. */
  file(name: string, content: string | Uint8Array): string {
    const path = join(this.directory, name);
    writeFileSync(path, content);
    return path;
  }

  async remove(): Promise<void> {
    await this.server?.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

type Ready = { sftp_port: number; http_port: number; host_key: string };

export class RunningServer {
  readonly child: ChildProcess;
  readonly sftpPort: number;
  readonly httpPort: number;
  /** `SHA256:…` */
  readonly hostKey: string;
  readonly log: string[];

  private constructor(child: ChildProcess, ready: Ready, log: string[]) {
    this.child = child;
    this.sftpPort = ready.sftp_port;
    this.httpPort = ready.http_port;
    this.hostKey = ready.host_key;
    this.log = log;
  }

  static ready(child: ChildProcess): Promise<RunningServer> {
    const log: string[] = [];
    child.stderr?.on('data', (text) => log.push(String(text)));
    return new Promise((resolve, reject) => {
      if (child.stdout) {
        createInterface(child.stdout).once('line', (line) =>
          resolve(new RunningServer(child, JSON.parse(line) as Ready, log)),
        );
      }
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${log.join('')}`)));
    });
  }

  /** Stops the process while nothing writes in the database; false when something did, and it goes on. */
  async stoppedBetweenTransactions(db: DatabaseSync): Promise<boolean> {
    this.child.kill('SIGSTOP');
    try {
      db.exec('BEGIN IMMEDIATE');
    } catch {
      this.goOn();
      await sleep(2);
      return false;
    }
    await sleep(50); // every thread has seen the signal then
    db.exec('ROLLBACK');
    return true;
  }

  goOn(): void {
    this.child.kill('SIGCONT');
  }

  /** As Ctrl-C, or with SIGKILL as a crash; resolves to the exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const ended = new Promise<number | null>((resolve) => this.child.once('exit', resolve));
    this.child.kill(signal);
    this.goOn(); // or one that is stopped would never see it
    return ended;
  }
}

/** Looks again and again until there is something to see. */
export async function eventually<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  patience = 30_000,
  pause = 100,
): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > deadline) throw new Error(`never came about: ${look}`);
    await sleep(pause);
  }
}

function run(command: string, args: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (error) throw new Error(`${command} is not here: install openssh-client`, { cause: error });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
}
