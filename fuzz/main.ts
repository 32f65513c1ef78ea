// `npm run fuzz -- sftp [PACKETS|DURATION] [--seed N]`: looks for what the tests did not think of. Packets of every
// kind of nonsense, and the operations of several sessions against a model, both on the real store and spool; by
// default for a minute. DURATION is 30s, 10m, 2h. A finding ends it with 1, and tells the seed that shows it again;
// `sftp 1 --seed N` runs that case alone. On a disk in memory (TMPDIR=/dev/shm) it does three times as much.
import { parseArgs } from 'node:util';
import { fuzzSftp } from './sftp/run.ts';

const USAGE = 'npm run fuzz -- sftp [PACKETS|DURATION] [--seed N], for instance 10000000, 30s, 10m or 2h';
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

const say = (line: string) => process.stdout.write(`${line}\n`);
process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { seed: { type: 'string' } },
    allowPositionals: true,
  });
  const [subject, amount = '1m'] = positionals;
  const until = enough(amount);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  if (subject !== 'sftp' || !until || !Number.isSafeInteger(seed)) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const failed = (error: unknown) => {
    say(`FOUND: thrown outside of every request: ${error instanceof Error ? error.stack : String(error)}`);
    process.exit(1);
  };
  process.on('uncaughtException', failed).on('unhandledRejection', failed);
  say(`seed ${seed}`);
  const { packets, finding } = await fuzzSftp({ seed, until, say });
  say(
    finding === undefined
      ? `nothing found in ${packets} packets`
      : `FOUND after ${packets} packets: ${finding}`,
  );
  return finding === undefined ? 0 : 1;
}

function enough(amount: string): ((packets: number, ms: number) => boolean) | undefined {
  const [, count, unit] = /^([1-9]\d*)([smh]?)$/.exec(amount) ?? [];
  if (count === undefined) return undefined;
  const limit = Number(count) * (UNITS[unit ?? ''] ?? 1);
  return unit ? (_packets, ms) => ms >= limit : (packets) => packets >= limit;
}
