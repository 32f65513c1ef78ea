import type { RowError } from '../domain/import.ts';
import type { Leaf, Nested } from '../domain/policy.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { RejectionCode } from '../domain/rejection-codes.ts';
import { coerce } from '../product/coercion.ts';
import type { FieldRule, Integration } from '../product/product.ts';
import type { Shape } from '../store/import-store.ts';
import { Groups } from './groups.ts';
import { type Header, isMetadata } from './header.ts';
import { rowError } from './row-error.ts';

/** How the rows of one file and one integration become purchases; compiled once, as it is used for every row. */
export type Mapping = {
  readonly shape: Shape;
  /** One for each path of the shape. */
  readonly steps: readonly Step[];
  /** A row's cells as data with the product's types; an empty cell is an absent field. */
  map(cells: readonly string[]): Mapped;
};

/** `values` stand in the order of the shape's paths; `owners` are the objects that they are members of. */
export type Mapped = {
  readonly quoteData: Nested;
  readonly policy: Nested;
  readonly values: readonly (Leaf | undefined)[];
  readonly owners: readonly (Nested | undefined)[];
  readonly errors: readonly RowError[];
};

/** What happens to one column's cells. */
export type Step = {
  readonly column: number;
  readonly path: string;
  readonly rule: FieldRule;
  readonly isText: boolean; // needs no coercion
  readonly allows: (value: Leaf) => boolean;
  readonly group: number; // the object that the value becomes a member of; -1 for metadata, which only the store keeps
  readonly member: string;
};

const TEXT: FieldRule = { type: 'string', accepts: [] };

/** The mapping of a file's columns to the fields of one integration. */
export function compileMapping(header: Header, integration: Integration): Mapping {
  const ruleOf = (path: string) => (isMetadata(path) ? TEXT : integration.fieldRule(path));
  const isField = ({ path }: { path: string }) => ruleOf(path) !== undefined;
  const groups = new Groups();
  const steps = header.leaves
    .filter(isField)
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ index, path }): Step => {
      const dot = path.lastIndexOf('.');
      const group = isMetadata(path) ? -1 : groups.indexOf(path.slice(0, dot));
      const allows = isMetadata(path) ? () => true : integration.allows(path);
      const rule = ruleOf(path) ?? TEXT;
      const isText = (rule.type === 'string' || rule.type === 'date') && rule.accepts.length === 0;
      return { column: index, path, rule, isText, allows, group, member: path.slice(dot + 1) };
    });
  const foreign = header.leaves.filter((leaf) => !isField(leaf));
  const { id: integration_id, product_id, product_version } = integration;
  const paths = steps.map(({ path }) => path);
  return { shape: { integration_id, product_id, product_version, paths }, steps, map };

  function map(cells: readonly string[]): Mapped {
    const errors = [...foreignFields(cells)];
    const values = new Array<Leaf | undefined>(steps.length).fill(undefined);
    const owners = new Array<Nested | undefined>(steps.length).fill(undefined);
    const { objects, quoteData, policy } = groups.begin();
    for (const [slot, { column, path, rule, group, member }] of steps.entries()) {
      const text = cells[column] as string;
      if (text === '') continue;
      const coerced = coerce(rule, text);
      if (!coerced.ok) {
        errors.push(wrongType(path, text, coerced));
        continue;
      }
      values[slot] = coerced.value;
      if (group === -1) continue;
      const owner = groups.open(objects, group);
      owner[member] = coerced.value;
      owners[slot] = owner;
    }
    return { quoteData, policy, values, owners, errors };
  }

  function foreignFields(cells: readonly string[]): readonly RowError[] {
    const filled = foreign.filter(({ index }) => cells[index] !== '');
    return filled.map(({ index, path }) => foreignField(path, cells[index] ?? '', integration.id));
  }
}

/** The text of a cell as a value of its field; undefined when it is none. */
export function leafOf({ isText, rule }: Step, text: string): Leaf | undefined {
  if (isText) return text;
  const coerced = coerce(rule, text);
  return coerced.ok ? coerced.value : undefined;
}

function wrongType(path: string, value: string, { code, message }: Refusal<RejectionCode>): RowError {
  return rowError({ code, column: path, value, message: `${path}: ${message}` });
}

function foreignField(path: string, value: string, integration: string): RowError {
  const message = `${path}: the integration ${integration} of this row has no such field: leave the cell empty`;
  return rowError({ code: 'unknown_field', column: path, value, message });
}
