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

  return {
    stat: (path) => stat(parts, path),
    list: (path) => list(parts, path),
    openRead: (path) => openRead(parts, path),
    openWrite: (path, flags) => openWrite(parts, path, flags),
    rename: (from, to, replace) => rename(parts, from, to, replace),
    remove: (path) => remove(parts, path),
    change: (path, changes) => change(parts, path, changes),
    makeFolder: async (path) => ((await isFolderThere(path)) ? folderExists(path) : foldersStay()),
    space: async () => ({ ...(await parts.spool.space()), longestName: MAX_NAME_BYTES }),
    removeFolder: async (path) => ((await isFolderThere(path)) ? foldersStay() : noSuchFile(path)),
  };
}
