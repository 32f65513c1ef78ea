import type { DeliveryId } from '../../domain/ids.ts';
import type { DeliveryStore, FailedAttempt } from '../delivery-store.ts';
import type { Database } from './connection.ts';
import type { Methods } from './methods.ts';

type AttemptRow = { [key in keyof FailedAttempt]: Exclude<FailedAttempt[key], undefined> | null };

/** What is kept of deliveries, and for how long. */
export function deliveryMethods(
  db: Database,
): Pick<Methods<DeliveryStore>, 'failedAttempts' | 'deliveryBacklog' | 'removeDeliveries'> {
  const attempts = db.prepare(
    `SELECT number, at, ms, failed_attempt.status, problem, response FROM failed_attempt
       JOIN delivery ON delivery.id = failed_attempt.delivery
     WHERE delivery.id = ? AND delivery.created_at = ? ORDER BY number`,
  );
  const waiting = db.prepare(
    `SELECT coalesce(sum(count), 0) AS events, min(delivery.created_at) AS oldest FROM delivery
       JOIN endpoint ON endpoint.id = delivery.endpoint WHERE state = 'pending' AND disabled_at IS NULL AND paused_at IS NULL`,
  );
  const troubled = db.prepare(
    `SELECT count(*) FILTER (WHERE failing_since IS NOT NULL AND disabled_at IS NULL) AS failing,
       count(disabled_at) AS disabled FROM endpoint WHERE removed_at IS NULL`,
  );
  const ended = db.prepare('SELECT id FROM delivery WHERE ended_at < ? ORDER BY ended_at LIMIT ?');
  const removeAttempts = db.prepare('DELETE FROM failed_attempt WHERE delivery = ?');
  const remove = db.prepare('DELETE FROM delivery WHERE id = ?');
  return {
    failedAttempts: (id: DeliveryId) => {
      const { row = 0, created_at = 0 } = db.ids.delivery.decode(id) ?? {};
      return (attempts.all(row, created_at) as AttemptRow[]).map(
        (one) =>
          ({
            ...one,
            status: one.status ?? undefined,
            response: one.response ?? undefined,
          }) as FailedAttempt,
      );
    },
    deliveryBacklog: () => {
      const { events, oldest } = waiting.get() as { events: number; oldest: number | null };
      const { failing, disabled } = troubled.get() as { failing: number; disabled: number };
      return { events, oldest: oldest ?? undefined, failing, disabled };
    },
    removeDeliveries: (before, limit) => {
      if (!ended.get(before, 1)) return 0;
      return db.transaction(() => {
        const rows = ended.all(before, limit) as { id: number }[];
        for (const { id } of rows) {
          removeAttempts.run(id);
          remove.run(id);
        }
        return rows.length;
      });
    },
  };
}
