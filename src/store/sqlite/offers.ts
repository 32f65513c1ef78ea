// What was offered over REST and waits for its payment. It stands apart from the policies: it is in no list of them, and imports never look
// at it.
import { idempotencyConflict } from '../../domain/idempotency-conflict.ts';
import type { PolicyId } from '../../domain/ids.ts';
import type { Offer } from '../../domain/offer.ts';
import { ok, refused } from '../../domain/refusal.ts';
import type { NewOffer, Owner, Payment, PolicyStore } from '../policy-store.ts';
import { accountRow } from './accounts.ts';
import { modeBit, modeOf } from './bits.ts';
import type { Database } from './connection.ts';
import { earlierPolicies } from './earlier.ts';
import { eventWriter } from './events.ts';
import { type SlotOf, storedKey } from './keys.ts';
import type { Methods } from './methods.ts';
import { policyRows } from './policies.ts';
import { policyNumber, policyNumbers } from './policy-numbers.ts';
import { POLICIES, type PolicyRow, policyId, policyOf } from './policy-record.ts';
import { shapeTable } from './shapes.ts';

const REMOVED_AT_ONCE = 2_000; // some 20 ms, as for a chunk

type OfferRow = {
  id: number;
  account: number;
  mode: number;
  key: string;
  hash: Uint8Array;
  shape: number;
  leaves: string;
  net: number;
  tax: number;
  start_day: number;
  end_day: number;
  created_at: number;
  expires_at: number;
  policy_number: string; // the pattern
};

type Whose = { readonly account: number; readonly mode: number };

const OFFERS = `SELECT offer.*, product_version.policy_number FROM offer JOIN shape ON shape.id = offer.shape
  JOIN product_version ON product_version.id = shape.product_version`;

/** `slotOf` is chance, and a test may take its place. */
export function offerMethods(
  db: Database,
  slotOf: SlotOf,
): Pick<Methods<PolicyStore>, 'offer' | 'offerPolicy' | 'payOffer' | 'removeExpiredOffers'> {
  const policyRow = policyRows(db);
  const nextPolicy = policyNumbers(db);
  const policies = earlierPolicies(db, slotOf);
  const shapes = shapeTable(db);
  const writeEvents = eventWriter(db);
  const policyAt = db.prepare(`${POLICIES} WHERE policy.id = ?`);
  const byKey = db.prepare(`${OFFERS} WHERE offer.account = ? AND offer.mode = ? AND offer.key = ?`);
  const byId = db.prepare(
    `${OFFERS} WHERE offer.id = ? AND offer.created_at = ? AND offer.account = ? AND offer.mode = ?`,
  );
  const insert = db.prepare('INSERT INTO offer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const count = db.prepare('SELECT count FROM open_offers WHERE account = ? AND mode = ?');
  const remove = db.prepare('DELETE FROM offer WHERE id = ?');
  const removeExpired = db.prepare(
    `DELETE FROM offer WHERE id IN (SELECT id FROM offer WHERE expires_at <= ? LIMIT ${REMOVED_AT_ONCE})`,
  );
  const insertPolicy = db.prepare(
    `INSERT INTO policy SELECT id, account, mode, ?2, hash, shape, leaves, net, tax, start_day, end_day, NULL, NULL, NULL, created_at
     FROM offer WHERE id = ?1`,
  );
  const insertSlot = db.prepare('INSERT INTO policy_key VALUES (?, ?)');
  const insertRevision = db.prepare(
    `INSERT INTO policy_revision (policy, revision, action, actor_kind, actor, changes, start_day, end_day, at)
     VALUES (?, 1, 'created', ?, ?, '[]', ?, ?, ?)`,
  );

  const policy = (id: number) => policyOf(db, policyAt.get(id) as PolicyRow);
  const whose = ({ account, mode }: Owner): Whose => ({
    account: accountRow(db, account),
    mode: modeBit(mode),
  });

  function offerOf(row: OfferRow): Offer {
    return {
      id: policyId(db, { ...row, made_at: row.created_at }),
      policy_number: policyNumber(row.policy_number, row.id, row.mode),
      created_at: row.created_at,
      expires_at: row.expires_at,
    };
  }

  /** The policy that a key has already, as the answer to a purchase of that content. */
  function bought(owner: Whose, key: string, hash: Uint8Array) {
    const { slot, earlier } = policies.find(owner, key);
    if (!earlier) return { slot };
    if (Buffer.compare(earlier.hash, hash) === 0) return { slot, policy: policy(earlier.id) };
    return {
      slot,
      conflict: refused('idempotency_conflict' as const, policies.conflict(key, earlier.id).message),
    };
  }

  function openOffer({ account, mode }: Whose, key: string, now: number): OfferRow | undefined {
    const row = byKey.get(account, mode, key) as OfferRow | undefined;
    if (row && row.expires_at <= now) remove.run(row.id);
    return row && row.expires_at > now ? row : undefined;
  }

  const isFull = ({ account, mode }: Whose, most: number) =>
    Number(count.get(account, mode)?.['count'] ?? 0) >= most;

  function add({ account, mode }: Whose, offer: NewOffer, hash: Uint8Array): OfferRow {
    const { key, premium, start_day, end_day, now } = offer;
    const { net, tax, gross } = premium;
    if (net + tax !== gross) throw new Error(`an offer's net ${net} + tax ${tax} is not gross ${gross}`);
    storedKey(key); // throws for what is no text
    const price = [net, tax, start_day, end_day] as const;
    const content = [hash, shapes(offer.shape), offer.values] as const;
    insert.run(nextPolicy(), account, mode, key, ...content, ...price, now, offer.expires_at);
    return byKey.get(account, mode, key) as OfferRow;
  }

  function pay(row: OfferRow, slot: number, { actor, now }: Payment): void {
    insertPolicy.run(row.id, storedKey(row.key));
    insertSlot.run(slot, row.id);
    insertRevision.run(row.id, actor.kind, actor.name, row.start_day, row.end_day, now);
    remove.run(row.id);
    const { account, mode } = row;
    writeEvents({ account, mode, type: 'policy.created', first_policy: row.id, count: 1, now });
  }

  function paidBefore(owner: Whose, id: PolicyId): number | undefined {
    const row = policyRow(id);
    const its = row === undefined ? undefined : (policyAt.get(row) as PolicyRow);
    return its?.account === owner.account && its.mode === owner.mode ? row : undefined;
  }

  function offerRow({ account, mode }: Whose, id: PolicyId): OfferRow | undefined {
    const decoded = db.ids.policy.decode(id);
    if (!decoded || decoded.live !== (modeOf(mode) === 'live')) return undefined;
    return byId.get(decoded.row, decoded.created_at, account, mode) as OfferRow | undefined;
  }

  const offered = (row: OfferRow, repeated: boolean) => ({
    kind: 'offer' as const,
    offer: offerOf(row),
    repeated,
  });

  return {
    offerPolicy: (offer) =>
      db.transaction(() => {
        const owner = whose(offer.owner);
        const hash = Buffer.from(offer.hash, 'hex');
        const earlier = bought(owner, offer.key, hash);
        if (earlier.conflict) return earlier.conflict;
        if (earlier.policy) return ok({ kind: 'policy' as const, policy: earlier.policy });
        const open = openOffer(owner, offer.key, offer.now);
        if (open)
          return Buffer.compare(open.hash, hash) === 0 ? ok(offered(open, true)) : conflictWith(offer.key);
        if (isFull(owner, offer.most)) return tooMany(offer);
        return ok(offered(add(owner, offer, hash), false));
      }),
    payOffer: (payment) =>
      db.transaction(() => {
        const owner = whose(payment.owner);
        const paid = paidBefore(owner, payment.id);
        if (paid !== undefined) return ok({ outcome: 'duplicate' as const, policy: policy(paid) });
        const row = offerRow(owner, payment.id);
        if (!row)
          return refused(
            'absent',
            `There is no offer ${payment.id}: those that are not paid in time are removed.`,
          );
        if (row.expires_at <= payment.now) return expired(payment.id, row);
        const { slot, ...earlier } = bought(owner, row.key, row.hash);
        if (earlier.conflict) return earlier.conflict;
        if (earlier.policy) return ok({ outcome: 'duplicate' as const, policy: earlier.policy });
        pay(row, slot, payment);
        return ok({ outcome: 'created' as const, policy: policy(row.id) });
      }),
    offer: (owner, id, now) => {
      const row = offerRow(whose(owner), id);
      return row && row.expires_at > now ? offerOf(row) : undefined;
    },
    removeExpiredOffers: (now) => Number(removeExpired.run(now).changes),
  };
}

function conflictWith(key: string) {
  const { message } = idempotencyConflict(key, { name: null, row: null, line: null });
  return refused('idempotency_conflict', message);
}

function tooMany({ most, owner: { mode } }: NewOffer) {
  return refused(
    'too_many_offers',
    `${most} offers of this account wait for their payment in ${mode} mode: there are no more until some are paid, or expire.`,
  );
}

function expired(id: PolicyId, { expires_at }: OfferRow) {
  const at = new Date(expires_at).toISOString();
  return refused('offer_expired', `The offer ${id} could be paid until ${at}: make a new one.`);
}
