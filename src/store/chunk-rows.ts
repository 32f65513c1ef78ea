// The rows of a chunk on their way to the store's thread. As objects they cost more than all that is done with them: they
// are copied twice, and live long enough for every garbage collection to move them. So they travel as bytes and numbers.
import type { RowError } from '../domain/import.ts';
import type { Premium } from '../domain/money.ts';

/** A row that may become a policy; the store decides between created, duplicate and conflict. */
export type PurchaseRow = {
  readonly kind: 'purchase';
  readonly row: number;
  readonly line: number;
  readonly offset: number;
  readonly length: number;
  readonly key: string;
  readonly shape: number; // index into the chunk's shapes
  readonly values: string; // JSON array of the leaves, null where absent, in the order of the shape's paths
  readonly hash: string; // 32 hex digits: the purchase's content (`purchase/content.ts`)
  readonly premium: Premium;
  readonly start_day: number; // days since 1970
  readonly end_day: number;
};

export type RejectedRow = {
  readonly kind: 'rejected';
  readonly row: number;
  readonly line: number;
  readonly offset: number;
  readonly length: number;
  readonly key: string;
  readonly integration_id: string;
  readonly errors: readonly RowError[];
};

/** Rows in their order; made by a `RowPacker`, read by `purchasesOf`. */
export type ChunkRows = {
  readonly numbers: Float64Array; // NUMBERS of each purchase
  readonly bytes: Uint8Array; // hash, key and values of each purchase, one behind the other
  readonly rejected: readonly RejectedRow[];
};

/** A purchase as it has arrived; `values` is UTF-8. */
export type PackedPurchase = Omit<
  PurchaseRow,
  'kind' | 'offset' | 'length' | 'values' | 'hash' | 'premium'
> & {
  readonly offset: number;
  readonly length: number;
  readonly values: Uint8Array;
  readonly hash: Uint8Array;
  readonly net: number;
  readonly tax: number;
};

const NUMBERS = 11;
const HASH_BYTES = 16;
const FIRST_BYTES = 64 * 1024; // grows to what a chunk takes, some 500 bytes a row

/** Takes up the rows of one chunk after the other. */
export class RowPacker {
  private purchases = 0;
  private rejected: RejectedRow[] = [];
  private used = 0;
  private bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private numbers = new Float64Array(NUMBERS * 100);

  /** How many rows were added since they were last taken. */
  get count(): number {
    return this.purchases + this.rejected.length;
  }

  /** Throws for a key that is no Unicode text, and for money that does not add up: no such row ever comes from `import/`. */
  add(row: PurchaseRow | RejectedRow): void {
    if (row.kind === 'rejected') {
      this.rejected.push(row);
      return;
    }
    const { premium, key, values } = row;
    const { net, tax, gross } = premium;
    if (net + tax !== gross) throw new Error(`row ${row.row}: net ${net} + tax ${tax} is not gross ${gross}`);
    if (!key.isWellFormed()) throw new Error(`The key ${JSON.stringify(key)} is no Unicode text`);
    this.makeRoom(HASH_BYTES + 3 * (key.length + values.length)); // a UTF-16 unit takes three bytes at most
    this.bytes.write(row.hash, this.used, 'hex');
    const keyBytes = this.bytes.write(key, this.used + HASH_BYTES, 'utf8');
    const valueBytes = this.bytes.write(values, this.used + HASH_BYTES + keyBytes, 'utf8');
    this.used += HASH_BYTES + keyBytes + valueBytes;
    const { start_day, end_day, shape } = row;
    const place = [row.row, row.line, row.offset, row.length];
    this.numbers.set(
      [...place, keyBytes, valueBytes, shape, net, tax, start_day, end_day],
      this.purchases * NUMBERS,
    );
    this.purchases++;
  }

  /** The rows that were added, and begins anew. */
  take(): ChunkRows {
    const rows = {
      numbers: this.numbers.slice(0, this.purchases * NUMBERS),
      bytes: Uint8Array.prototype.slice.call(this.bytes, 0, this.used),
      rejected: this.rejected,
    };
    this.purchases = 0;
    this.used = 0;
    this.rejected = [];
    return rows;
  }

  private makeRoom(bytes: number): void {
    if (this.used + bytes > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(2 * (this.used + bytes));
      this.bytes.copy(grown, 0, 0, this.used);
      this.bytes = grown;
    }
    if ((this.purchases + 1) * NUMBERS > this.numbers.length) {
      const grown = new Float64Array(2 * this.numbers.length);
      grown.set(this.numbers);
      this.numbers = grown;
    }
  }
}

/** Such rows packed at once. */
export function packRows(rows: readonly (PurchaseRow | RejectedRow)[]): ChunkRows {
  const packer = new RowPacker();
  for (const row of rows) packer.add(row);
  return packer.take();
}

export function countOf({ numbers, rejected }: ChunkRows): number {
  return numbers.length / NUMBERS + rejected.length;
}

/** The purchases in the order of their rows; their bytes are views. */
export function* purchasesOf({ numbers, bytes }: ChunkRows): Generator<PackedPurchase> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let used = 0;
  for (let at = 0; at < numbers.length; at += NUMBERS) {
    const number = (i: number) => numbers[at + i] as number;
    const keyAt = used + HASH_BYTES;
    const valuesAt = keyAt + number(4);
    const end = valuesAt + number(5);
    yield {
      row: number(0),
      line: number(1),
      offset: number(2),
      length: number(3),
      hash: bytes.subarray(used, keyAt),
      key: buffer.toString('utf8', keyAt, valuesAt),
      values: bytes.subarray(valuesAt, end),
      shape: number(6),
      net: number(7),
      tax: number(8),
      start_day: number(9),
      end_day: number(10),
    };
    used = end;
  }
}
