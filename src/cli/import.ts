import { basename, join } from 'node:path';
import { Command, Option } from 'commander';
import type { ImportId } from '../domain/ids.ts';
import type { Import } from '../domain/import.ts';
import { MODES, type Mode } from '../domain/mode.ts';
import { openSpool } from '../inbox/small-files.ts';
import { takeFile } from '../inbox/take-file.ts';
import type { OpenStore } from '../store/open.ts';
import { printRecord } from './output.ts';
import { summary, waitForImport } from './progress.ts';
import { importDetails } from './records.ts';
import { accountNamed, must, Refused, type Session, sessionOf, withExistingStore } from './session.ts';

export function importCommand(): Command {
  return new Command('import')
    .description('hand in a file from this machine, as if the partner had dropped it')
    .argument('<file>')
    .requiredOption('--account <name>', 'whose file it is')
    .addOption(new Option('--mode <mode>', 'test or live').choices(MODES).makeOptionMandatory())
    .option('--wait', 'until it is imported; without a running server it is imported here')
    .action((file, options, command) => importOne(sessionOf(command), file, options));
}

type ImportOptions = { account: string; mode: Mode; wait?: true };

async function importOne(session: Session, localPath: string, options: ImportOptions): Promise<void> {
  await withExistingStore(session, async (store) => {
    const account = await accountNamed(store, options.account);
    const spool = await openSpool(join(session.config.data, 'spool'), store);
    const file = { account, mode: options.mode, name: basename(localPath), localPath };
    const id = must(await takeFile({ store, spool, clock: Date.now }, file)).import;
    const one = options.wait ? await wait(session, store, id) : await store.import(id, Date.now());
    if (!one) throw new Error(`The import ${id} is gone.`);
    printRecord(importDetails(one), session.json);
    if (options.wait && one.state !== 'completed') throw new Refused(summary(one));
  });
}

async function wait(session: Session, store: OpenStore, id: ImportId): Promise<Import> {
  const { importHereUntil } = await import('../serve/import-here.ts'); // no other command needs the importer
  return importHereUntil(session.config, store, () => waitForImport(store, id));
}
