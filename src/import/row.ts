import type { RowError } from '../domain/import.ts';
import type { RejectionCode } from '../domain/rejection-codes.ts';
import { starred } from '../domain/suggestion.ts';
import type { Catalogue, FieldError, Integration } from '../product/product.ts';
import { type Content, contentIn, structureOf } from '../purchase/content.ts';
import { keyProblem, MAX_KEY } from '../purchase/idempotency-key.ts';
import { type Purchase, purchase, purchaseOfValid } from '../purchase/purchase.ts';
import type { PurchaseRow, RejectedRow } from '../store/chunk-rows.ts';
import type { Shape } from '../store/import-store.ts';
import { type Header, INTEGRATION_COLUMN, KEY_COLUMN } from './header.ts';
import { KnownRows } from './known-rows.ts';
import { compileMapping, type Mapping } from './mapping.ts';
import type { CsvRecord, Place } from './reader.ts';
import { cut, malformedError, rowError, wholeError } from './row-error.ts';

type Row = PurchaseRow | RejectedRow;

/** What a row says of itself before anything is checked. */
type Identity = { readonly key: string; readonly integration: string };

/** Turns the records of one file into rows that the store can decide; `shapes` grows with the integrations met. */
export class RowReader {
  readonly shapes: Shape[] = [];
  private readonly mappings = new Map<string, Mapping>();
  private readonly header: Header;
  private readonly catalogue: Catalogue;
  private readonly known: KnownRows;

  /** `catalogue` holds the integrations that the file's account may sell. */
  constructor(header: Header, catalogue: Catalogue) {
    this.header = header;
    this.catalogue = catalogue;
    this.known = new KnownRows(header.leaves.map(({ index }) => index));
  }

  /** The purchase that a record asks for, or all that is wrong with it. */
  read(record: CsvRecord): Row {
    const { row, line, offset, length } = record;
    const place = { row, line, offset, length };
    if (record.kind === 'malformed') {
      return rejected(place, { key: '', integration: '' }, [malformedError(record.problem)]);
    }
    const { cells } = record;
    const identity = { key: cells[this.header.key] ?? '', integration: cells[this.header.integration] ?? '' };
    const columns = this.header.columns.length;
    if (cells.length !== columns) return rejected(place, identity, [wrongCount(cells.length, columns)]);
    const integration = this.catalogue.get(identity.integration);
    const errors = [...keyErrors(identity.key), ...integrationErrors(identity.integration, integration)];
    if (!integration) return rejected(place, identity, this.inColumnOrder(errors));
    return this.purchaseRow(place, identity, cells, integration, errors);
  }

  private purchaseRow(
    place: Place,
    identity: Identity,
    cells: readonly string[],
    integration: Integration,
    errors: readonly RowError[],
  ): Row {
    const mapping = this.mappingOf(integration);
    const known = errors.length === 0 ? this.known.find(mapping, cells, place.length) : undefined;
    const bought =
      known && purchaseOfValid({ integration, quoteData: known.quoteData, policy: known.policy });
    return known && bought?.ok
      ? this.accepted(place, identity, mapping, contentIn(known.structure, known.values), bought.value)
      : this.unknownRow(place, identity, cells, integration, errors);
  }

  /** What a row is that no other has been like, or that is not as it should be. */
  private unknownRow(
    place: Place,
    identity: Identity,
    cells: readonly string[],
    integration: Integration,
    errors: readonly RowError[],
  ): Row {
    const mapping = this.mappingOf(integration);
    const mapped = mapping.map(cells);
    const { quoteData, policy, values } = mapped;
    const wrong = [...errors, ...mapped.errors];
    const bought = purchase({ integration, quoteData, policy });
    if (bought.ok && wrong.length === 0) {
      const structure = structureOf(integration.id, mapping.shape.paths, values);
      const content = contentIn(structure, values);
      this.known.learn(mapping, cells, place.length, mapped, structure);
      return this.accepted(place, identity, mapping, content, bought.value);
    }
    const refused = bought.ok ? [] : this.refusedFields(bought.errors, cells, mapped.errors);
    return rejected(place, identity, this.inColumnOrder([...wrong, ...refused]));
  }

  private accepted(
    { row, line, offset, length }: Place,
    { key }: Identity,
    mapping: Mapping,
    { values, hash }: Content,
    { premium, start_day, end_day }: Purchase,
  ): PurchaseRow {
    const shape = this.shapes.indexOf(mapping.shape);
    return {
      kind: 'purchase',
      row,
      line,
      offset,
      length,
      key,
      shape,
      values,
      hash,
      premium,
      start_day,
      end_day,
    };
  }

  /** The product's errors about the cells; a cell that could not be coerced is not missing as well. */
  private refusedFields(
    errors: readonly FieldError[],
    cells: readonly string[],
    cellErrors: readonly RowError[],
  ): RowError[] {
    const reported = new Set(cellErrors.flatMap(({ column }) => [column, starred(column)]));
    return errors
      .filter((error) => !reported.has(error.path))
      .map(({ code, path, message }) => {
        return rowError({
          code,
          column: path,
          value: cells[this.header.columns.indexOf(path)] ?? '',
          message,
        });
      });
  }

  /** What is wrong with a column that the file does not have comes last. */
  private inColumnOrder(errors: readonly RowError[]): RowError[] {
    const { columns } = this.header;
    const numbered = errors.map((error) => ({ error, at: columns.indexOf(error.column) }));
    numbered.sort((a, b) => (a.at === -1 ? columns.length : a.at) - (b.at === -1 ? columns.length : b.at));
    return numbered.map(({ error }) => error);
  }

  private mappingOf(integration: Integration): Mapping {
    const known = this.mappings.get(integration.id);
    if (known) return known;
    const mapping = compileMapping(this.header, integration);
    this.shapes.push(mapping.shape);
    this.mappings.set(integration.id, mapping);
    return mapping;
  }
}

function rejected(place: Place, { key, integration }: Identity, errors: readonly RowError[]): RejectedRow {
  const integration_id = cut(integration, MAX_KEY);
  return { kind: 'rejected', ...place, key: cut(key, MAX_KEY), integration_id, errors };
}

function wrongCount(cells: number, columns: number): RowError {
  return wholeError(
    'wrong_column_count',
    `the row has ${cells} cells and the header ${columns}: is a delimiter missing, or one too many, or not in quotes?`,
  );
}

function keyErrors(key: string): RowError[] {
  const of = (code: RejectionCode, message: string) => [
    rowError({ code, column: KEY_COLUMN, value: key, message: `${KEY_COLUMN}${message}` }),
  ];
  if (key === '') return of('missing_idempotency_key', ' is missing: every row needs one of its own');
  const problem = keyProblem(key);
  return problem === undefined ? [] : of('invalid_idempotency_key', `: ${problem}`);
}

function integrationErrors(id: string, integration: Integration | undefined): RowError[] {
  if (integration) return [];
  const of = (code: RejectionCode, message: string) => [
    rowError({ code, column: INTEGRATION_COLUMN, value: id, message }),
  ];
  if (id === '') return of('missing_integration', `${INTEGRATION_COLUMN} is missing: it says what is bought`);
  return of(
    'unknown_integration',
    `${INTEGRATION_COLUMN}: "${cut(id, MAX_KEY)}" is no integration of this account`,
  );
}
