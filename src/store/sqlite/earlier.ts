import { idempotencyConflict } from '../../domain/idempotency-conflict.ts';
import type { RowError } from '../../domain/import.ts';
import type { Database } from './connection.ts';
import { findSlot, keyText, type SlotOf } from './keys.ts';
import type { ShownPolicy } from './report.ts';

/** The policy that a key has already. */
export type Earlier = ShownPolicy & {
  readonly key: string | Uint8Array;
  readonly hash: Uint8Array;
  readonly account: number;
};

type Whose = { readonly account: number; readonly mode: number };

/** How the policies of keys are found; a test may choose the slots, which are chance. */
export function earlierPolicies(db: Database, slotOf: SlotOf) {
  const selectSlot = db.prepare('SELECT policy FROM policy_key WHERE slot = ?');
  const selectEarlier = db.prepare(
    `SELECT policy.id, key, hash, account, mode, created_at, policy_number FROM policy
     JOIN shape ON shape.id = policy.shape JOIN product_version ON product_version.id = shape.product_version WHERE policy.id = ?`,
  );
  const firstUse = db.prepare(
    `SELECT file.name, policy.row, policy.line FROM policy LEFT JOIN import ON import.id = policy.import
     LEFT JOIN file ON file.id = import.file WHERE policy.id = ?`,
  );
  const taken = (slot: number) => selectSlot.get(slot)?.['policy'] as number | undefined;
  return {
    /** The policy that has this key already, and the slot where a new one would go. */
    find(owner: Whose, key: string): { slot: number; earlier: Earlier | undefined } {
      let earlier: Earlier | undefined;
      const { slot, policy } = findSlot(taken, slotOf(owner.account, owner.mode, key), (id) => {
        earlier = selectEarlier.get(id) as Earlier;
        return (
          earlier.account === owner.account && earlier.mode === owner.mode && keyText(earlier.key) === key
        );
      });
      return { slot, earlier: policy === undefined ? undefined : earlier };
    },

    /** Says where a key was used first, with other content. */
    conflict(key: string, policy: number): RowError {
      const use = firstUse.get(policy) as { name: string | null; row: number | null; line: number | null };
      return idempotencyConflict(key, use);
    },
  };
}
