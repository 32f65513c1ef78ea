import { open, rename, rm } from 'node:fs/promises';
import type { FileId } from '../domain/ids.ts';
import { syncDirectory } from './durable.ts';
import { spoolPath } from './spool-path.ts';
import { writeWhole } from './write-whole.ts';

/**
 * A report under a temporary name, which one left unfinished has too: it is begun anew, not left lying about. Whoever still
 * has that one open writes where nobody looks.
 */
export async function createLocalReport(directory: string, file: FileId, content: 'report' | 'rejected') {
  const path = spoolPath(directory, file, content);
  const temporary = `${path}.part`;
  await rm(temporary, { force: true });
  const handle = await open(temporary, 'wx', 0o600);
  let size = 0;
  return {
    write: async (bytes: Uint8Array | string) => {
      const chunk = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
      const position = size;
      size += chunk.length; // before the wait, so that writes that are not awaited one by one keep their order
      await writeWhole(handle, [chunk], position);
    },
    commit: async () => {
      try {
        await handle.datasync();
      } finally {
        await handle.close();
      }
      await rename(temporary, path);
      await syncDirectory(directory);
      return size;
    },
    discard: () => handle.close(),
  };
}
