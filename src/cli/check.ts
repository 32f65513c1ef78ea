import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { finished } from 'node:stream/promises';
import { styleText } from 'node:util';
import { Command, Option } from 'commander';
import type { Account } from '../domain/account.ts';
import type { RowError, RowOutcome } from '../domain/import.ts';
import { MODES, type Mode } from '../domain/mode.ts';
import { REPORT_HEADER, rejectionLine, reportLine } from '../domain/report-line.ts';
import type { Checked } from '../import/check-file.ts';
import { openLocalReader } from '../inbox/local-upload.ts';
import { openScratch } from '../inbox/scratch.ts';
import type { SpoolReader } from '../inbox/spool.ts';
import type { OpenStore } from '../store/open.ts';
import { printFinding, Tally } from './finding.ts';
import { limitOption } from './limit.ts';
import { printLines } from './output.ts';
import { withProducts } from './products.ts';
import { readingBar } from './progress.ts';
import { accountNamed, Refused, type Session, sessionOf } from './session.ts';

export function checkCommand(): Command {
  return new Command('check')
    .description('what an import of a file would do: the same report, and nothing is stored')
    .argument('<file>')
    .option(
      '--account <name>',
      'whose file it is: with what this account may sell, and the policies that it has',
    )
    .addOption(new Option('--mode <mode>', 'test or live').choices(MODES).default('test'))
    .option('--report <file>', 'write the report of every row, as NAME.report.csv will be')
    .addOption(limitOption())
    .action((file, options, command) => check(sessionOf(command), file, options));
}

type CheckOptions = { account?: string; mode: Mode; report?: string; limit: number };

async function check(session: Session, path: string, options: CheckOptions): Promise<void> {
  const file = await openFile(path);
  await withProducts(session, async (store, passing) => {
    if (passing && !session.json) printLines([styleText('dim', shippedOnly(session.config.data))]);
    const account = options.account === undefined ? undefined : await accountNamed(store, options.account);
    const tally = new Tally(options.limit, session.json);
    const found = await checkLocal(path, file, store, account, options, tally);
    printFinding(found, tally, basename(path), session.json);
    if (found.kind !== 'table' || tally.counts.rejected > 0) {
      throw new Refused(session.json ? 'the file is not good' : 'The file is not good as it is.');
    }
  });
}

function shippedOnly(data: string): string {
  return `Nothing is on sale in ${data}: checked against the products that are shipped, without a look for earlier policies.`;
}

async function checkLocal(
  path: string,
  file: SpoolReader,
  store: OpenStore,
  account: Account | undefined,
  { mode, report }: CheckOptions,
  tally: Tally,
): Promise<Checked> {
  const { checkFile } = await import('../import/check-file.ts'); // no other command needs the products' validation
  const { catalogueFor, catalogueFrom } = await import('../purchase/catalogue.ts');
  const all = await catalogueFrom(store)();
  const lines = report === undefined ? undefined : await createReport(report);
  const bar = readingBar(basename(path));
  try {
    const found = await checkFile(file, {
      file: { account: account?.id, mode, name: basename(path) },
      catalogue: account ? catalogueFor(account, all) : all,
      store,
      spool: { openScratch: () => openScratch(tmpdir(), 0) },
      see: async (outcomes) => {
        tally.add(outcomes);
        await lines?.write(outcomes);
      },
      progress: bar.at,
    });
    if (found.kind === 'rejected') await lines?.reject(found.errors);
    return found;
  } finally {
    bar.stop();
    await lines?.end();
  }
}

async function openFile(path: string) {
  try {
    return await openLocalReader(path);
  } catch (error) {
    throw new Refused(`The file cannot be read: ${(error as Error).message}`);
  }
}

/** The report in a file of the caller's. */
async function createReport(path: string) {
  const stream: WriteStream = createWriteStream(path, { mode: 0o600 });
  const ended = finished(stream);
  ended.catch(() => {}); // it is thrown where it is awaited
  const write = async (text: string) => {
    if (!stream.write(text)) await Promise.race([once(stream, 'drain'), ended]);
  };
  await write(REPORT_HEADER);
  return {
    write: (outcomes: readonly RowOutcome[]) => write(outcomes.map(reportLine).join('')),
    reject: (errors: readonly RowError[]) => write(rejectionLine(errors)),
    end: async () => {
      stream.end();
      try {
        await ended;
      } catch (error) {
        throw new Refused(`The report cannot be written: ${(error as Error).message}`);
      }
    },
  };
}
