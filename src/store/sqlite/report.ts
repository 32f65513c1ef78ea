import type { PolicyId } from '../../domain/ids.ts';
import type { RejectedOutcome, RowOutcome } from '../../domain/import.ts';
import { reportLine } from '../../domain/report-line.ts';
import type { ChunkReport } from '../import-store.ts';
import { modeBit } from './bits.ts';
import type { Database } from './connection.ts';
import { policyNumber } from './policy-numbers.ts';

/** What of a policy its outcome shows; `policy_number` is the product's pattern. */
export type ShownPolicy = {
  readonly id: number;
  readonly mode: number;
  readonly created_at: number;
  readonly policy_number: string;
};

/** The outcome of a row that has a policy. */
export function policyOutcome(
  db: Database,
  outcome: 'created' | 'duplicate',
  { row, line, key }: { readonly row: number; readonly line: number; readonly key: string },
  { id, mode, created_at, policy_number: pattern }: ShownPolicy,
): RowOutcome {
  const policy_id = db.ids.policy.encode(id, created_at, mode === modeBit('live')) as PolicyId;
  const policy_number = policyNumber(pattern, id, mode);
  return { row, line, idempotency_key: key, outcome, policy_id, policy_number };
}

const FIRST_BYTES = 64 * 1024; // grows to what a chunk takes, some 120 bytes a row

/** The report of a chunk, of which one outcome after the other becomes a line; as bytes, since texts that grow are moved by every collection. */
export class ReportLines {
  private bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private used = 0;
  private readonly rejected: RejectedOutcome[] = [];

  add(outcome: RowOutcome): void {
    const line = reportLine(outcome);
    const most = this.used + 3 * line.length; // a UTF-16 unit takes three bytes at most
    if (most > this.bytes.length) this.bytes = Buffer.concat([this.bytes], 2 * most);
    this.used += this.bytes.write(line, this.used);
    if (outcome.outcome === 'rejected') this.rejected.push(outcome);
  }

  whole(): ChunkReport {
    return { lines: this.bytes.subarray(0, this.used), rejected: this.rejected };
  }
}
