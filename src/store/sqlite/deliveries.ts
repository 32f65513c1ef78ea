import type { DeliveryId } from '../../domain/ids.ts';
import type { DeliveryStore, FailedAttempt } from '../delivery-store.ts';
import type { Database } from './connection.ts';
import type { Methods } from './methods.ts';

type AttemptRow = { [key in keyof FailedAttempt]: Exclude<FailedAttempt[key], undefined> | null };

/** What is kept of deliveries, and for how long. */
export function deliveryMethods(
  db: Database,
): Pick<Methods<DeliveryStore>, 'failedAttempts' | 'removeDeliveries'> {
  const attempts = db.prepare(
    `SELECT number, at, ms, failed_attempt.status, problem, response FROM failed_attempt
       JOIN delivery ON delivery.id = failed_attempt.delivery
     WHERE delivery.id = ? AND delivery.created_at = ? ORDER BY number`,
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
