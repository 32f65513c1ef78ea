import { visibleFolders } from './access.ts';
import { change } from './change.ts';
import type { Drop } from './drop.ts';
import type { DropParts } from './drop-parts.ts';
import { list, openRead, stat } from './looking.ts';
import { MAX_NAME_BYTES } from './names.ts';
import { openWrite } from './open-write.ts';
import { placeOf } from './paths.ts';
import { folderExists, foldersStay, noSuchFile } from './refusals.ts';
import { remove } from './remove.ts';
import { rename } from './rename.ts';

/** One account's folders. What happens to a path in one session is seen by every other. */
export function accountDrop(parts: DropParts): Drop {
  async function isFolderThere(path: string): Promise<boolean> {
    const place = placeOf(path);
    if (place.kind === 'root') return true;
    return place.kind === 'folder' && (await visibleFolders(parts)).includes(place.folder);
  }

  /** Nobody sees that a file was only in memory. */
  async function recorded<T>(work: () => Promise<T>, ...paths: string[]): Promise<T> {
    for (const path of paths) await parts.drafts.record(`${parts.account.id}${path}`);
    return work();
  }

  return {
    stat: (path) => recorded(() => stat(parts, path), path),
    list: async (path) => {
      await parts.drafts.recordIn(`${parts.account.id}${path}`);
      return recorded(() => list(parts, path), path);
    },
    openRead: (path) => recorded(() => openRead(parts, path), path),
    openWrite: (path, flags) => openWrite(parts, path, flags),
    rename: (from, to, replace) => recorded(() => rename(parts, from, to, replace), from, to),
    remove: (path) => recorded(() => remove(parts, path), path),
    change: (path, changes) => recorded(() => change(parts, path, changes), path),
    makeFolder: async (path) => ((await isFolderThere(path)) ? folderExists(path) : foldersStay()),
    space: async () => ({ ...(await parts.spool.space()), longestName: MAX_NAME_BYTES }),
    removeFolder: async (path) => ((await isFolderThere(path)) ? foldersStay() : noSuchFile(path)),
  };
}
