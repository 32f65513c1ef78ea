// The SFTP server beside OpenSSH's sshd with internal-sftp: the same stock client, the same file system, in turns.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectSftp } from '../src/sftp/client.ts';
import { median, print, processorSeconds } from './figures.ts';
import { type Contender, memoryOf, sftp, sftpArguments, startOurs, startSshd } from './sftp/servers.ts';

const MIB = 1024 ** 2;
const SMALL_FILES = 2_000;
const AT_ONCE = 200;
const IDLE = 1_000;
const IDLE_AT_ONCE = 5; // logins under way while the idle sessions are made
const GCM = 'Ciphers=aes128-gcm@openssh.com';
const CHACHA = 'Ciphers=chacha20-poly1305@openssh.com';
const SAME_EXCHANGE = 'KexAlgorithms=curve25519-sha256';

type Work = (contender: Contender) => Promise<void> | void;
type Measure = { readonly name: string; readonly work: Work; readonly prepare?: Work };

/** `npm run bench -- sftp [MIB] [RUNS]`: 1 GiB each way and five runs, if not told otherwise. */
export async function benchSftp([size = '1024', runs = '5']: string[]): Promise<void> {
  const memory = '/dev/shm'; // so that no disk is measured
  const parent = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'policydrop-bench-'));
  const contenders: Contender[] = [];
  try {
    contenders.push(await startSshd(parent), await startOurs(parent));
    print(`seconds, medians of ${runs} runs [fastest–slowest]; ratio: how many times as fast as sshd`);
    print(row('', 'sshd', 'policydrop', 'ratio', 'server CPU s'));
    for (const measure of measures(parent, Number(size))) await compare(measure, contenders, Number(runs));
    await compareIdle(contenders);
  } finally {
    await Promise.all(contenders.map((one) => one.stop()));
    rmSync(parent, { recursive: true, force: true });
  }
}

function measures(parent: string, size: number): Measure[] {
  const big = join(parent, 'big.bin');
  writeFileSync(big, Buffer.alloc(MIB, 'policydrop'));
  for (let n = 1; n < size; n++) writeFileSync(big, Buffer.alloc(MIB, n % 251), { flag: 'a' });
  const small = join(parent, 'small');
  mkdirSync(small);
  for (let n = 0; n < SMALL_FILES; n++) writeFileSync(join(small, `${n}.csv`), Buffer.alloc(4096, 'x'));
  const up =
    (option: string): Work =>
    (one) =>
      run(one, `put ${big} ${one.folder}/big.bin`, option);
  const down =
    (option: string): Work =>
    (one) =>
      run(one, `get ${one.folder}/big.bin ${parent}/back.bin`, option);
  const connect =
    (option?: string): Work =>
    (one) =>
      run(one, 'pwd', option);
  return [
    { name: `${size} MiB up, aes128-gcm`, work: up(GCM) },
    { name: `${size} MiB up, chacha20`, work: up(CHACHA) },
    { name: `${size} MiB down, aes128-gcm`, work: down(GCM) },
    { name: `${size} MiB down, chacha20`, work: down(CHACHA) },
    {
      name: `${SMALL_FILES} files of 4 KiB`,
      prepare: (one) => run(one, `-rm ${one.folder}/*`),
      work: (one) => run(one, `put ${small}/* ${one.folder}/`),
    },
    { name: 'connection, as by default', work: connect() },
    { name: 'connection, the same exchange', work: connect(SAME_EXCHANGE) },
    { name: `${AT_ONCE} at once`, work: manyAtOnce },
  ];
}

function run(contender: Contender, commands: string, option?: string): void {
  const { status, stderr } = sftp(contender, commands, option ? [option] : []);
  if (status !== 0) throw new Error(`${contender.name}: ${commands}: ${stderr}`);
}

async function manyAtOnce(contender: Contender): Promise<void> {
  const clients = Array.from({ length: AT_ONCE }, async () => {
    const child = spawn('sftp', sftpArguments(contender), { stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin.end('pwd\n');
    return (await once(child, 'exit'))[0] as number | null;
  });
  const failed = (await Promise.all(clients)).filter((code) => code !== 0).length;
  if (failed > 0) throw new Error(`${contender.name}: ${failed} of ${AT_ONCE} could not log in`);
}

async function compare(
  { name, work, prepare }: Measure,
  contenders: Contender[],
  runs: number,
): Promise<void> {
  const seconds = contenders.map((): number[] => []);
  const processor = contenders.map((): number[] => []);
  for (let n = 0; n < runs; n++) {
    for (const [index, contender] of contenders.entries()) {
      await prepare?.(contender);
      const used = processorSeconds(contender.pid);
      const start = performance.now();
      await work(contender);
      seconds[index]?.push((performance.now() - start) / 1000);
      processor[index]?.push(processorSeconds(contender.pid) - used);
    }
  }
  const [sshd = [], ours = []] = seconds;
  const ratio = (median(sshd) / median(ours)).toFixed(2);
  print(row(name, span(sshd), span(ours), ratio, processor.map((one) => median(one).toFixed(2)).join(' / ')));
}

async function compareIdle(contenders: Contender[]): Promise<void> {
  const each: string[] = [];
  for (const contender of contenders) {
    const before = memoryOf(contender.pid);
    await using sessions = new AsyncDisposableStack();
    for (let n = 0; n < IDLE; n += IDLE_AT_ONCE) {
      const more = Array.from({ length: IDLE_AT_ONCE }, () => connectSftp(loginOf(contender)));
      for (const session of await Promise.all(more)) sessions.use(session);
    }
    each.push(`${((memoryOf(contender.pid) - before) / IDLE / 1e6).toFixed(3)} MB`);
  }
  print(row(`an idle session of ${IDLE}`, ...each));
}

function loginOf({ port, user: username, key }: Contender) {
  return { host: '127.0.0.1', port, username, privateKey: readFileSync(key, 'utf8') };
}

function span(values: number[]): string {
  const [fastest, slowest] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(2)} [${fastest.toFixed(2)}–${slowest.toFixed(2)}]`;
}

function row(name: string, ...cells: string[]): string {
  const [sshd = '', ours = '', ratio = '', processor = ''] = cells;
  return `${name.padEnd(30)}${sshd.padStart(20)}${ours.padStart(20)}${ratio.padStart(8)}${processor.padStart(16)}`;
}
