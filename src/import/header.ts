import { isPoisonous } from '../domain/field-names.ts';
import type { RowError } from '../domain/import.ts';
import type { RejectionCode } from '../domain/rejection-codes.ts';
import { suggestion } from '../domain/suggestion.ts';
import type { Integration } from '../product/product.ts';
import { rowError, wholeError } from './row-error.ts';

export const MAX_COLUMNS = 1000; // a purchase of 50 elements has under 100
export const MAX_COLUMN_NAME = 200; // characters; the longest of a product has 40
const MAX_ERRORS = 20; // a file with the wrong header has hundreds, and the first ones say all

export const KEY_COLUMN = 'idempotency_key';
export const INTEGRATION_COLUMN = 'integration_id';
const REQUIRED = [KEY_COLUMN, INTEGRATION_COLUMN];

/** A file's columns; `leaves` are those that become part of a purchase. */
export type Header = {
  readonly columns: readonly string[];
  readonly key: number;
  readonly integration: number;
  readonly leaves: readonly Leaf[];
};

/** `index` of the column, and the dotted `path` of its values. */
type Leaf = { readonly index: number; readonly path: string };

/** What of an integration matters here. */
type Fields = Pick<Integration, 'fields' | 'fieldRule'>;

export type HeaderResult =
  | { readonly ok: true; readonly header: Header }
  | { readonly ok: false; readonly errors: readonly RowError[] };

/** What each column of a file means, where at least one of the account's `integrations` has such a field. */
export function readHeader(columns: readonly string[], integrations: readonly Fields[]): HeaderResult {
  const tooLarge = sizeProblem(columns);
  if (tooLarge) return { ok: false, errors: [wholeError('too_large', tooLarge)] };
  const errors = [...missingColumns(columns), ...columnErrors(columns, integrations)];
  if (errors.length > 0) return { ok: false, errors };
  const leaves = columns.map((path, index) => ({ index, path })).filter(({ path }) => isLeaf(path));
  const key = columns.indexOf(KEY_COLUMN);
  return { ok: true, header: { columns, key, integration: columns.indexOf(INTEGRATION_COLUMN), leaves } };
}

/** Columns of the partner's own, such as those of a `.rejected.csv`. */
function isIgnored(column: string): boolean {
  return column.startsWith('_') && !isPoisonous(column);
}

/** Kept with the policy as it is written. */
export function isMetadata(column: string): boolean {
  return column.startsWith('metadata.');
}

function isLeaf(column: string): boolean {
  return !isIgnored(column) && !REQUIRED.includes(column);
}

function columnErrors(columns: readonly string[], integrations: readonly Fields[]): RowError[] {
  const errors: RowError[] = [];
  const seen = new Map<string, number>();
  const parents = parentsOf(columns);
  for (const [index, column] of columns.entries()) {
    const problem = columnProblem(column, index, integrations, seen, parents);
    if (problem) errors.push(rowError({ column, value: column, ...problem }));
    if (errors.length === MAX_ERRORS) break;
    if (!seen.has(column)) seen.set(column, index);
  }
  return errors;
}

function columnProblem(
  column: string,
  index: number,
  integrations: readonly Fields[],
  seen: ReadonlyMap<string, number>,
  parents: ReadonlySet<string>,
): { code: RejectionCode; message: string } | undefined {
  if (column === '') return { code: 'unknown_column', message: `column ${index + 1} has no name` };
  if (isIgnored(column)) return undefined;
  const first = seen.get(column);
  if (first !== undefined) {
    const message = `\`${column}\` is the name of column ${first + 1} and of column ${index + 1}`;
    return { code: 'duplicate_column', message };
  }
  const badPart = column.split('.').find((part) => part === '' || isPoisonous(part));
  if (badPart !== undefined) return { code: 'unknown_column', message: badName(column, badPart) };
  if (!isKnown(column, integrations)) {
    return { code: 'unknown_column', message: unknownColumn(column, integrations) };
  }
  if (!parents.has(column)) return undefined;
  const message = `\`${column}\` holds a value here and is a group of other columns as well: rename it`;
  return { code: 'duplicate_column', message };
}

function isKnown(column: string, integrations: readonly Fields[]): boolean {
  if (REQUIRED.includes(column) || isMetadata(column)) return true;
  return integrations.some((integration) => integration.fieldRule(column) !== undefined);
}

function badName(column: string, part: string): string {
  return part === ''
    ? `unknown column \`${column}\`: there is nothing before, between or after its dots`
    : `unknown column \`${column}\`: \`${part}\` can be no part of a name`;
}

function unknownColumn(column: string, integrations: readonly Fields[]): string {
  const known = integrations.flatMap((integration) => integration.fields.map((field) => field.path));
  const meant = suggestion(column, new Set([...REQUIRED, ...known]));
  const advice = meant
    ? `did you mean \`${meant}\`?`
    : 'which no product of this account has: correct its name, or begin it with `metadata.` to keep its values or with `_` to have them ignored';
  return `unknown column \`${column}\`, ${advice}`;
}

/** `metadata.seat` is a parent of `metadata.seat.row`. */
function parentsOf(columns: readonly string[]): Set<string> {
  const parents = new Set<string>();
  for (const column of columns) {
    if (!isMetadata(column)) continue;
    for (let dot = column.indexOf('.'); dot !== -1; dot = column.indexOf('.', dot + 1)) {
      parents.add(column.slice(0, dot));
    }
  }
  return parents;
}

function missingColumns(columns: readonly string[]): RowError[] {
  return REQUIRED.filter((column) => !columns.includes(column)).map((column) =>
    rowError({
      code: 'missing_column',
      column,
      value: '',
      message: `there is no column \`${column}\`, which every file needs: is the first line the header?`,
    }),
  );
}

function sizeProblem(columns: readonly string[]): string | undefined {
  if (columns.length > MAX_COLUMNS) return `the file has ${columns.length} columns, more than ${MAX_COLUMNS}`;
  const long = columns.findIndex((column) => column.length > MAX_COLUMN_NAME);
  if (long === -1) return undefined;
  return `the name of column ${long + 1} is longer than ${MAX_COLUMN_NAME} characters`;
}
