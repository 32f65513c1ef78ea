import { ok, type Result } from '../domain/refusal.ts';
import {
  type Found,
  fileAttributes,
  findFile,
  isMode,
  mayEnter,
  visibleFolders,
  writablePath,
} from './access.ts';
import type { Attributes, DropRefusal, Listed, ReadHandle } from './drop.ts';
import type { DropParts } from './drop-parts.ts';
import { placeOf } from './paths.ts';
import { noSuchFile, notAFolder } from './refusals.ts';
import { pathKey } from './uploads.ts';

/** STAT. Looking at an upload postpones its import, or its move: clients look back before they rename, for instance. */
export async function stat(parts: DropParts, path: string): Promise<Result<Attributes, DropRefusal>> {
  const place = placeOf(path);
  if (place.kind === 'root') return ok(folderAttributes(parts));
  if (place.kind === 'folder') {
    const visible = (await visibleFolders(parts)).includes(place.folder);
    return visible ? ok(folderAttributes(parts)) : noSuchFile(path);
  }
  const found = await findFile(parts, path);
  if (!found.ok) return found;
  await postpone(parts, found.value);
  return ok(await fileAttributes(parts, found.value));
}

/** READDIR: everything in a folder as it is now. */
export async function list(parts: DropParts, path: string): Promise<Result<Listed[], DropRefusal>> {
  const { account, store, clock } = parts;
  const place = placeOf(path);
  if (place.kind === 'nowhere') return noSuchFile(path);
  if (place.kind === 'file') {
    const found = await findFile(parts, path);
    return found.ok ? notAFolder(path) : found;
  }
  const folders = await visibleFolders(parts);
  if (place.kind === 'root') return ok(folders.map((name) => ({ name, ...folderAttributes(parts) })));
  const { folder } = place;
  if (!folders.includes(folder)) return noSuchFile(path);
  const entered = mayEnter(account, folder);
  if (!entered.ok) return entered;
  const entries = await store.listFolder(account.id, folder, clock());
  const listed = entries.map(async (entry) => {
    return { name: entry.name, ...(await fileAttributes(parts, { folder, entry })) };
  });
  return ok(await Promise.all(listed));
}

/** OPEN for reading: an upload, even while it is being written, a processed file or a report. */
export async function openRead(parts: DropParts, path: string): Promise<Result<ReadHandle, DropRefusal>> {
  const upload = writablePath(parts.account, path);
  const open = () => openFound(parts, path);
  return upload.ok ? parts.turns(pathKey(upload.value), open) : open(); // record and bytes come and go one after the other
}

async function openFound(parts: DropParts, path: string): Promise<Result<ReadHandle, DropRefusal>> {
  const found = await findFile(parts, path);
  if (!found.ok) return found;
  await postpone(parts, found.value);
  const { file, content } = found.value.entry;
  const { mtime } = await fileAttributes(parts, found.value);
  const reader = await parts.spool.open(file, content);
  return ok({
    attributes: async () => ({ kind: 'file', size: reader.size, mtime }),
    read: async (offset, ...into) => ok(await reader.readInto(offset, into)),
    close: () => reader.close(),
  });
}

/** A further operation on the path of an upload: it is imported, or moves, so much later. */
export async function postpone(parts: DropParts, { folder, entry }: Found): Promise<void> {
  if (!isMode(folder) || entry.state === 'moved') return;
  const { store, settle, grace, clock } = parts;
  const now = clock();
  await store.touch(entry.file, { due: now + settle, moves: now + grace });
}

function folderAttributes({ clock }: DropParts): Attributes {
  return { kind: 'folder', size: 0, mtime: clock() };
}
