import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AnInbox } from './an-inbox.ts';

/** Of how many files bytes are kept, in the spool and in the store. */
export async function filesKept({ kept: { directory } }: AnInbox): Promise<number> {
  const database = new DatabaseSync(join(directory, 'policydrop.db'), { readOnly: true });
  const small = database.prepare('SELECT count(*) AS count FROM small_file').get()?.['count'];
  database.close();
  return Number(small) + (await readdir(join(directory, 'spool'))).length;
}
