import type { Leaf, Nested } from '../domain/policy.ts';
import { leafOf, type Mapped, type Mapping, type Step } from './mapping.ts';

/** Together some 20 MB at worst, as every cell that is remembered may keep the text of a row of its own. */
const MOST_KINDS = 64;
const LONGEST_ROW = 2048; // bytes

/**
 * What was learned from rows that were accepted. Which fields must be there depends on nothing but which cells are empty: of another row
 * with the same empty cells each value need only be looked at by itself, and one that is the same as in the row before not at all.
 */
export class KnownRows {
  private readonly kinds = new Map<string, KnownRow>();
  private readonly columns: readonly number[];
  private last: KnownRow | undefined;

  /** `columns` are those whose cells are mapped. */
  constructor(columns: readonly number[]) {
    this.columns = columns;
  }

  /** A row of `length` bytes, when it is like one that is known and every value is allowed; it is this row until the next is looked for. */
  find(mapping: Mapping, cells: readonly string[], length: number): KnownRow | undefined {
    if (length > LONGEST_ROW) return undefined;
    const { last } = this;
    if (last?.mapping === mapping && last.become(cells)) return last;
    const kind = this.kinds.get(this.kindOf(mapping, cells));
    if (!kind || kind === last || !kind.become(cells)) return undefined;
    this.last = kind;
    return kind;
  }

  /** A row that was accepted is known from now on. */
  learn(mapping: Mapping, cells: readonly string[], length: number, row: Mapped, structure: string): void {
    if (length > LONGEST_ROW || this.kinds.size === MOST_KINDS) return;
    const empty = this.columns.filter((column) => cells[column] === '');
    this.kinds.set(this.kindOf(mapping, cells), new KnownRow(mapping, empty, cells, row, structure));
  }

  private kindOf({ shape }: Mapping, cells: readonly string[]): string {
    let kind = shape.integration_id;
    for (const column of this.columns) if (cells[column] === '') kind += ` ${column}`;
    return kind;
  }
}

/** A filled cell: its text, and where its value stands. */
type Cell = { text: string; readonly step: Step; readonly slot: number; readonly owner: Nested | undefined };

/** A row that becomes one after the other of its kind, its objects being filled again and again. */
class KnownRow {
  readonly mapping: Mapping;
  readonly quoteData: Nested;
  readonly policy: Nested;
  readonly values: (Leaf | undefined)[];
  readonly structure: string;
  private readonly empty: readonly number[];
  private readonly filled: readonly Cell[];

  constructor(
    mapping: Mapping,
    empty: readonly number[],
    cells: readonly string[],
    { quoteData, policy, values, owners }: Mapped,
    structure: string,
  ) {
    this.mapping = mapping;
    this.empty = empty;
    this.quoteData = quoteData;
    this.policy = policy;
    this.values = [...values];
    this.structure = structure;
    this.filled = mapping.steps
      .map((step, slot) => ({ text: cells[step.column] ?? '', step, slot, owner: owners[slot] }))
      .filter(({ text }) => text !== '');
  }

  /** False when other cells are empty or a value is not allowed: then it is neither row. */
  become(cells: readonly string[]): boolean {
    for (const column of this.empty) if (cells[column] !== '') return false;
    for (const cell of this.filled) {
      const text = cells[cell.step.column] as string;
      if (text !== cell.text && !this.change(cell, text)) return false;
    }
    return true;
  }

  private change(cell: Cell, text: string): boolean {
    const { step, slot, owner } = cell;
    const value = text === '' ? undefined : leafOf(step, text);
    if (value === undefined || !step.allows(value)) return false;
    cell.text = text;
    this.values[slot] = value;
    if (owner) owner[step.member] = value;
    return true;
  }
}
