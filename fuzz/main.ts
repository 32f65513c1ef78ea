// `npm run fuzz -- sftp [PACKETS|DURATION] [--seed N]` and `npm run fuzz -- import [FILES|DURATION] [--seed N]`: look for what
// the tests did not think of; by default for a minute. DURATION is 30s, 10m, 2h. `sftp`: packets of every kind of nonsense, and
// the operations of several sessions against a model, both on the real store and spool. `import`: files with changes of all kinds,
// read as an import reads them. A finding ends it with 1, and tells the seed that shows it again; `sftp 1 --seed N` runs that case
// alone. On a disk in memory (TMPDIR=/dev/shm) sftp does three times as much.
import { parseArgs } from 'node:util';
import { fuzzImport } from './import/run.ts';
import { fuzzSftp } from './sftp/run.ts';

const USAGE =
  'npm run fuzz -- sftp|import [COUNT|DURATION] [--seed N], for instance 10000000, 30s, 10m or 2h';
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

type Run = (how: {
  seed: number;
  until: Enough;
  say: typeof say;
}) => Promise<{ done: string; finding: string | undefined }>;
type Enough = (count: number, ms: number) => boolean;

const SUBJECTS: Readonly<Record<string, Run>> = {
  sftp: async (how) => {
    const { packets, finding } = await fuzzSftp(how);
    return { done: `${packets} packets`, finding };
  },
  import: async (how) => {
    const { files, rows, finding } = await fuzzImport(how);
    return { done: `${files} files with ${rows} rows`, finding };
  },
};

const say = (line: string) => process.stdout.write(`${line}\n`);
process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { seed: { type: 'string' } },
    allowPositionals: true,
  });
  const [subject = '', amount = '1m'] = positionals;
  const run = SUBJECTS[subject];
  const until = enough(amount);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  if (!run || !until || !Number.isSafeInteger(seed)) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const failed = (error: unknown) => {
    say(`FOUND: thrown where nothing waits for it: ${error instanceof Error ? error.stack : String(error)}`);
    process.exit(1);
  };
  process.on('uncaughtException', failed).on('unhandledRejection', failed);
  say(`seed ${seed}`);
  const { done, finding } = await run({ seed, until, say });
  say(finding === undefined ? `nothing found in ${done}` : `FOUND after ${done}: ${finding}`);
  return finding === undefined ? 0 : 1;
}

function enough(amount: string): Enough | undefined {
  const [, count, unit] = /^([1-9]\d*)([smh]?)$/.exec(amount) ?? [];
  if (count === undefined) return undefined;
  const limit = Number(count) * (UNITS[unit ?? ''] ?? 1);
  return unit ? (_count, ms) => ms >= limit : (count) => count >= limit;
}
