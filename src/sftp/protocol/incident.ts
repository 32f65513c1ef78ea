import { randomUUID } from 'node:crypto';
import type { Log } from '../../domain/log.ts';

/** Logs a fault of our own, and returns what the client is told: where in the log it stands. */
export function incident(log: Log, message: string, fields: Record<string, unknown>, error: unknown): string {
  const id = randomUUID();
  const { cause } = error as Error;
  log.error(message, {
    ...fields,
    incident: id,
    error: String(error),
    ...(cause === undefined ? {} : { cause: String(cause) }),
  });
  return `The server could not do this; it has been logged as ${id}`;
}
