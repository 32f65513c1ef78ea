import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ok, type Result, refused } from '../../domain/refusal.ts';

const HANDOVER = 3_000; // ms: a server that was just told to stop may still be stopping

/**
 * Makes this process the only server of a data directory for as long as it lives. The lock is the operating
 * system's (an exclusively locked SQLite file), so that it ends with the process, kill -9 included.
 */
export function lockDirectory(directory: string, patience = HANDOVER): Result<{ release(): void }, 'locked'> {
  const database = new DatabaseSync(join(directory, 'server.lock'), { timeout: patience });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!String(error).includes('locked')) throw error;
    return refused(
      'locked',
      `Another policydrop server is running on ${directory}. Stop it, or choose another --data.`,
    );
  }
  return ok({ release: () => database.close() });
}
