import { csvHeader, csvLine } from '../../domain/policy-csv.ts';
import type { OpenStore } from '../../store/open.ts';
import type { PolicyFilter } from '../../store/policy-store.ts';
import { printLines } from '../output.ts';
import { policyRecord } from '../records.ts';
import { type Session, withExistingStore } from '../session.ts';
import { countLine } from './count-line.ts';
import { type FilterOptions, filterOf, policyPages } from './filter.ts';

export const EXPORT_FORMATS = ['csv', 'ndjson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Prints every policy that fits, page by page. What is bought after it began is not in it. */
export async function exportPolicies(
  session: Session,
  options: FilterOptions,
  format: ExportFormat,
): Promise<void> {
  await withExistingStore(session, async (store) => {
    const filter = await filterOf(store, { ...options, to: Math.min(options.to ?? Date.now(), Date.now()) });
    const line = countLine();
    try {
      if (format === 'csv') await printCsv(store, filter, line.say);
      else await printRecords(store, filter, line.say);
    } finally {
      line.clear();
    }
  });
}

type Filter = Omit<PolicyFilter, 'limit'>;
type Say = (count: number, what: string) => void;

async function printRecords(store: OpenStore, filter: Filter, say: Say): Promise<void> {
  let written = 0;
  for await (const page of policyPages(store, filter)) {
    printLines(page.map((policy) => JSON.stringify(policyRecord(policy))));
    written += page.length;
    say(written, 'policies written');
  }
}

/** A header names every leaf that any of the policies has, so they are gone through once before. */
async function printCsv(store: OpenStore, filter: Filter, say: Say): Promise<void> {
  const paths = await pathsOf(store, filter, say);
  process.stdout.write(csvHeader(paths));
  let written = 0;
  for await (const page of policyPages(store, filter)) {
    process.stdout.write(page.map((policy) => csvLine(policy, paths)).join(''));
    written += page.length;
    say(written, 'policies written');
  }
}

async function pathsOf(store: OpenStore, filter: Filter, say: Say): Promise<string[]> {
  const paths = new Set<string>();
  let looked = 0;
  let page = await store.policyPaths(filter);
  for (;;) {
    for (const path of page.paths) paths.add(path);
    looked += page.looked;
    say(looked, 'policies looked at for the columns');
    if (!page.next) return [...paths].sort();
    page = await store.policyPaths({ ...filter, before: page.next });
  }
}
