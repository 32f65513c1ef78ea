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
  /** A row's cells as data with the product's types; an empty cell is an absent field. */
  map(cells: readonly string[]): Mapped;
};

/**
 * `values` stand in the order of the shape's paths. `absent` tells rows apart by which of these are not there.
 * `allowed`: every value is one that its field allows by itself.
 */
export type Mapped = {
  readonly quoteData: Nested;
  readonly policy: Nested;
  readonly values: readonly (Leaf | undefined)[];
  readonly absent: string;
  readonly allowed: boolean;
  readonly errors: readonly RowError[];
};

/** What happens to one column's cells. */
type Step = {
  readonly column: number;
  readonly path: string;
  readonly rule: FieldRule;
  readonly isText: boolean; // needs no coercion
  readonly allows: (value: Leaf) => boolean;
  readonly group: number; // the object that the value becomes a member of; -1 for metadata, which only the store keeps
  readonly member: string;
};

const NONE: readonly RowError[] = [];
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
  return { shape: { integration_id, product_id, product_version, paths }, map };

  function map(cells: readonly string[]): Mapped {
    let errors = foreignFields(cells);
    let allowed = true;
    let absent = '';
    const values = new Array<Leaf | undefined>(steps.length).fill(undefined);
    const { objects, quoteData, policy } = groups.begin();
    for (let slot = 0; slot < steps.length; slot++) {
      const step = steps[slot] as Step;
      const text = cells[step.column] as string;
      if (text === '') {
        absent += String.fromCharCode(slot);
        continue;
      }
      let value: Leaf = text;
      if (!step.isText) {
        const coerced = coerce(step.rule, text);
        if (!coerced.ok) {
          errors = [...errors, wrongType(step.path, text, coerced)];
          continue;
        }
        value = coerced.value;
      }
      values[slot] = value;
      allowed &&= step.allows(value);
      if (step.group !== -1) groups.open(objects, step.group)[step.member] = value;
    }
    return { quoteData, policy, values, absent, allowed, errors };
  }

  function foreignFields(cells: readonly string[]): readonly RowError[] {
    if (foreign.length === 0) return NONE;
    const filled = foreign.filter(({ index }) => cells[index] !== '');
    return filled.map(({ index, path }) => foreignField(path, cells[index] ?? '', integration.id));
  }
}

function wrongType(path: string, value: string, { code, message }: Refusal<RejectionCode>): RowError {
  return rowError({ code, column: path, value, message: `${path}: ${message}` });
}

function foreignField(path: string, value: string, integration: string): RowError {
  const message = `${path}: the integration ${integration} of this row has no such field: leave the cell empty`;
  return rowError({ code: 'unknown_field', column: path, value, message });
}
