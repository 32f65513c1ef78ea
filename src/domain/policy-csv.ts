import { spreadsheetCell } from './csv-cell.ts';
import { leavesOf } from './leaves.ts';
import type { Leaf, Policy } from './policy.ts';

type Cell = Leaf | undefined;

/** What every policy has; its leaves follow in columns of their own. */
const COLUMNS: Readonly<Record<string, (policy: Policy) => Cell>> = {
  id: ({ id }) => id,
  policy_number: ({ policy_number }) => policy_number,
  account: ({ account }) => account,
  mode: ({ mode }) => mode,
  integration_id: ({ integration_id }) => integration_id,
  product_id: ({ product_id }) => product_id,
  product_version: ({ product_version }) => product_version,
  idempotency_key: ({ idempotency_key }) => idempotency_key,
  import_id: ({ import_id }) => import_id,
  row: ({ row }) => row,
  status: ({ status }) => status,
  cancelled_at: ({ cancellation }) => cancellation && instant(cancellation.at),
  cancellation_reason: ({ cancellation }) => cancellation?.reason,
  termination_date: ({ cancellation }) => cancellation?.termination_date,
  net: ({ premium }) => premium.net,
  tax: ({ premium }) => premium.tax,
  gross: ({ premium }) => premium.gross,
  currency: ({ premium }) => premium.currency,
  start_date: ({ start_date }) => start_date,
  end_date: ({ end_date }) => end_date,
  revision: ({ revision }) => revision,
  created_at: ({ created_at }) => instant(created_at),
  updated_at: ({ updated_at }) => instant(updated_at),
};

/** The header of an export whose policies' leaves stand at `paths`. */
export function csvHeader(paths: readonly string[]): string {
  return `${[...Object.keys(COLUMNS), ...paths].map(cell).join(',')}\r\n`;
}

/** A policy as a line of such an export; harmless in a spreadsheet. Throws for a leaf that has no column: none is left out silently. */
export function csvLine(policy: Policy, paths: readonly string[]): string {
  const leaves = new Map<string, Leaf>([
    ...leavesOf(policy.metadata, 'metadata'),
    ...leavesOf({ ...policy.policyholder, data: policy.policy_data }, 'policy'),
    ...leavesOf(policy.quote_data, 'quote.data'),
  ]);
  const fixed = Object.values(COLUMNS).map((of) => cell(of(policy)));
  const line = [...fixed, ...paths.map((path) => cell(leaves.get(path)))].join(',');
  for (const path of paths) leaves.delete(path);
  for (const [path, leaf] of leaves) {
    if (leaf !== '') throw new Error(`${policy.id} has ${path} since a moment ago: export again.`);
  }
  return `${line}\r\n`;
}

/** A number is none of a partner's texts: it stays one, with its sign. */
function cell(value: Cell): string {
  return typeof value === 'string' ? spreadsheetCell(value) : String(value ?? '');
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
