import { ok, type Result } from '../domain/refusal.ts';
import type { UploadPath } from '../store/upload-store.ts';
import { findFile, writablePath } from './access.ts';
import type { DropRefusal } from './drop.ts';
import type { DropParts } from './drop-parts.ts';
import { postpone } from './looking.ts';
import { eligible, uploadable } from './names.ts';
import { placeOf } from './paths.ts';
import { alreadyExists, noSuchFile, otherFolder, stillBeingWritten, taken } from './refusals.ts';
import { pathKey } from './uploads.ts';

type Outcome = Result<undefined, DropRefusal>;

/**
 * RENAME, a commit like CLOSE: what is not being written is durable already. Onto itself it changes nothing. `replace`
 * takes the place of an upload of that name; one that belongs to its import keeps it, and a new file begins.
 */
export async function rename(parts: DropParts, from: string, to: string, replace: boolean): Promise<Outcome> {
  const source = writablePath(parts.account, from);
  if (!source.ok) return placeOf(from).kind === 'nowhere' ? noSuchFile(from) : source;
  const target = writablePath(parts.account, to);
  if (!target.ok) return target;
  if (source.value.mode !== target.value.mode) return otherFolder();
  if (from === to) return touchInPlace(parts, from);
  const named = uploadable(target.value.name);
  if (!named.ok) return named;
  const [first = '', second = ''] = [pathKey(source.value), pathKey(target.value)].sort();
  const move = () => moveUpload(parts, source.value, target.value, replace);
  return parts.turns(first, () => parts.turns(second, move)); // in one order, so that two renames never wait for each other
}

async function touchInPlace(parts: DropParts, path: string): Promise<Outcome> {
  const found = await findFile(parts, path);
  if (!found.ok) return found;
  await postpone(parts, found.value);
  return ok(undefined);
}

async function moveUpload(
  parts: DropParts,
  from: UploadPath,
  to: UploadPath,
  replace: boolean,
): Promise<Outcome> {
  const { store, spool, uploads, settle, clock } = parts;
  if (uploads.isWritten(from)) return stillBeingWritten(from.name);
  const now = clock();
  const there = await store.findEntry(to.account, to.mode, to.name, now);
  const renamed = await store.renameUpload(from, to.name, {
    replace: replace || there?.state === 'taken',
    eligible: eligible(to.name),
    now,
    due: now + settle,
  });
  if (!renamed.ok) {
    if (renamed.code === 'exists') return alreadyExists(to.name);
    return renamed.code === 'taken' ? taken(from.name) : noSuchFile(from.name);
  }
  uploads.forget(from);
  uploads.forget(to);
  if (renamed.value.replaced) await spool.remove(renamed.value.replaced);
  return ok(undefined);
}
