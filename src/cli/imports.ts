import { Command, Option } from 'commander';
import type { ImportId } from '../domain/ids.ts';
import { IMPORT_STATES, type Import, type ImportState } from '../domain/import.ts';
import type { OpenStore } from '../store/open.ts';
import { limitOption } from './limit.ts';
import { printLines, printList, printRecord } from './output.ts';
import { summary, waitForImport } from './progress.ts';
import { importDetails, importRecord, rejectedRecord } from './records.ts';
import { importOf, must, type Session, sessionOf, withExistingStore } from './session.ts';

export function importsCommands(): Command {
  const imports = new Command('imports').description('what became of the files');
  imports
    .command('list')
    .description('the newest files and how far they are')
    .addOption(new Option('--state <state>', 'only these').choices(IMPORT_STATES))
    .addOption(limitOption())
    .action((options, command) => list(sessionOf(command), options));
  imports
    .command('show <id>')
    .description('one import in full')
    .option('--follow', 'until it ends, with a progress bar; with --json a line for every change')
    .action((id, options, command) => show(sessionOf(command), id, options.follow === true));
  imports
    .command('rejected <id>')
    .description('the rows that could not become a policy, with every reason')
    .addOption(limitOption())
    .action((id, options, command) => rejected(sessionOf(command), id, options.limit));
  imports
    .command('hold <id>')
    .description('neither begins nor goes on until it is released; what is decided stays so')
    .action((id, _options, command) =>
      change(sessionOf(command), id, (store) => store.pauseImport(id, Date.now())),
    );
  imports
    .command('release <id>')
    .description('import a held file as it is')
    .action((id, _options, command) => change(sessionOf(command), id, (store) => store.releaseImport(id)));
  imports
    .command('cancel <id>')
    .description('never begin; or, of one that has begun, reject the rows that are left')
    .action((id, _options, command) => change(sessionOf(command), id, (store) => store.cancelImport(id)));
  imports
    .command('rerun <id>')
    .description('import the file of an ended import again: what was bought is a duplicate then')
    .action((id, _options, command) => rerun(sessionOf(command), id));
  return imports;
}

async function list(session: Session, options: { state?: ImportState; limit: number }): Promise<void> {
  const imports = await withExistingStore(session, (store) => store.imports({ ...options, now: Date.now() }));
  printList(imports.map(importRecord), { json: session.json, empty: 'No files yet.' });
}

async function show(session: Session, id: string, follow: boolean): Promise<void> {
  await withExistingStore(session, async (store) => {
    const found = await importOf(store, id);
    if (!follow) return printRecord(importDetails(found), session.json);
    const each = (one: Import) => session.json && printRecord(importDetails(one), true);
    const last = await waitForImport(store, found.id, each);
    if (!session.json) printLines([summary(last)]);
  });
}

async function rerun(session: Session, id: string): Promise<void> {
  await withExistingStore(session, async (store) => {
    const again = must(await store.rerunImport(id as ImportId, Date.now()));
    printRecord(importDetails(await importOf(store, again)), session.json);
  });
}

async function rejected(session: Session, id: string, limit: number): Promise<void> {
  await withExistingStore(session, async (store) => {
    const { rejected: total } = await importOf(store, id);
    let left = limit;
    for (let chunk = 0; left > 0; chunk++) {
      const outcomes = await store.outcomes(id as ImportId, chunk, 'rejected');
      if (!outcomes) break;
      const rows = outcomes.flatMap((outcome) =>
        outcome.outcome === 'rejected' ? [rejectedRecord(outcome)] : [],
      );
      for (const row of rows.slice(0, left)) {
        if (session.json) printLines([JSON.stringify(row)]);
        else
          printLines(
            row.errors.map((error) => `row ${row.row}, line ${row.line}: ${error.message} (${error.code})`),
          );
      }
      left -= rows.length;
    }
    if (total === 0 && !session.json) printLines(['No row was rejected.']);
  });
}

async function change(
  session: Session,
  id: string,
  make: (store: OpenStore) => ReturnType<OpenStore['releaseImport']>,
): Promise<void> {
  await withExistingStore(session, async (store) => {
    must(await make(store));
    printRecord(importDetails(await importOf(store, id)), session.json);
  });
}
