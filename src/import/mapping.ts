import type { RowError } from '../domain/import.ts';
import type { Leaf, Nested } from '../domain/policy.ts';
import { coerce } from '../product/coercion.ts';
import type { FieldType, Integration } from '../product/product.ts';
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

/** `values` stand in the order of the shape's paths; `errors` in the order of the columns. */
type Mapped = {
  readonly quoteData: Nested;
  readonly policy: Nested;
  readonly values: readonly (Leaf | undefined)[];
  readonly errors: readonly RowError[];
};

/** What happens to one column's cells. */
type Step = {
  readonly column: number;
  readonly path: string;
  readonly type: FieldType | undefined; // undefined: this integration has no such field
  readonly slot: number; // index into the values
  readonly group: number; // the object that the value becomes a member of; -1 for metadata, which only the store keeps
  readonly member: string;
};

/** The mapping of a file's columns to the fields of one integration. */
export function compileMapping(header: Header, integration: Integration): Mapping {
  const typeOf = (path: string) => (isMetadata(path) ? 'string' : integration.fieldType(path));
  const paths = header.leaves.map(({ path }) => path).filter((path) => typeOf(path) !== undefined);
  paths.sort();
  const groups = new Groups();
  const steps = header.leaves.map(({ index, path }): Step => {
    const type = typeOf(path);
    const dot = path.lastIndexOf('.');
    const group = type === undefined || isMetadata(path) ? -1 : groups.indexOf(path.slice(0, dot));
    return { column: index, path, type, slot: paths.indexOf(path), group, member: path.slice(dot + 1) };
  });
  const { id: integration_id, product_id, product_version } = integration;
  return { shape: { integration_id, product_id, product_version, paths }, map };

  function map(cells: readonly string[]): Mapped {
    const errors: RowError[] = [];
    const values = new Array<Leaf | undefined>(paths.length).fill(undefined);
    const { objects, quoteData, policy } = groups.begin();
    for (const step of steps) {
      const text = cells[step.column] ?? '';
      if (text === '') continue;
      const value = leafOf(step, text);
      if (typeof value === 'object') {
        errors.push(value);
      } else {
        values[step.slot] = value;
        if (step.group !== -1) groups.open(objects, step.group)[step.member] = value;
      }
    }
    return { quoteData, policy, values, errors };
  }

  function leafOf({ path, type }: Step, text: string): Leaf | RowError {
    if (type === undefined) return foreignField(path, text, integration.id);
    const value = coerce(type, text);
    if (value.ok) return value.value;
    return rowError({ code: value.code, column: path, value: text, message: `${path}: ${value.message}` });
  }
}

function foreignField(path: string, value: string, integration: string): RowError {
  const message = `${path}: the integration ${integration} of this row has no such field: leave the cell empty`;
  return rowError({ code: 'unknown_field', column: path, value, message });
}
