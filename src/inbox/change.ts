import { ok, type Result } from '../domain/refusal.ts';
import { type Found, fileAttributes, findFile, isMode, uploadOf } from './access.ts';
import type { Changes, DropRefusal } from './drop.ts';
import type { DropParts } from './drop-parts.ts';
import { postpone } from './looking.ts';
import { openWrite } from './open-write.ts';
import { placeOf } from './paths.ts';
import { growsByWriting, keptForTheRecord, MAX_UPLOAD_BYTES, taken, tooLarge } from './refusals.ts';

const AS_IT_IS = { read: false, create: false, truncate: false, exclusive: false, append: false };

/** SETSTAT: the time of any upload, also of one that has moved on; the size only of one that is not taken. */
export async function change(
  parts: DropParts,
  path: string,
  { size, mtime }: Changes,
): Promise<Result<undefined, DropRefusal>> {
  const { kind } = placeOf(path);
  if (kind === 'root' || kind === 'folder') return ok(undefined);
  const found = await findFile(parts, path);
  if (!found.ok) return found;
  if (size === undefined && mtime === undefined) return ok(undefined);
  if (!isMode(found.value.folder)) return keptForTheRecord(found.value.folder);
  if (size !== undefined) {
    const resized = await resize(parts, path, found.value, size);
    if (!resized.ok) return resized;
  }
  if (mtime !== undefined) await setTime(parts, found.value, mtime);
  await postpone(parts, found.value);
  return ok(undefined);
}

/** A file whose size is changed from outside is not complete until it is closed or renamed again. */
async function resize(
  parts: DropParts,
  path: string,
  found: Found,
  size: number,
): Promise<Result<undefined, DropRefusal>> {
  const { size: now } = await fileAttributes(parts, found);
  if (size === now) return ok(undefined);
  if (found.entry.state !== 'open') return taken(found.entry.name);
  if (size > MAX_UPLOAD_BYTES) return tooLarge(found.entry.name); // before anything changes: somebody may be writing it
  if (size > now && !uploadOf(parts, found)) return growsByWriting(found.entry.name);
  const handle = await openWrite(parts, path, AS_IT_IS);
  if (!handle.ok) return handle;
  try {
    return await handle.value.change({ size });
  } finally {
    await handle.value.abandon();
  }
}

async function setTime(parts: DropParts, found: Found, mtime: number): Promise<void> {
  const upload = uploadOf(parts, found);
  if (upload) upload.mtime = mtime; // its CLOSE would otherwise overwrite what the store is told here
  await parts.store.setTimes(found.entry.file, mtime);
}
