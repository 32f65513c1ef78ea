import { stat } from 'node:fs/promises';
import type { Account } from '../domain/account.ts';
import type { FileId, ImportId } from '../domain/ids.ts';
import type { Mode } from '../domain/mode.ts';
import { ok, type Result, refused } from '../domain/refusal.ts';
import type { UploadPath, UploadStore } from '../store/upload-store.ts';
import { isDiskFull, isMissing } from './disk-error.ts';
import type { DropRefusal } from './drop.ts';
import { eligible, uploadable } from './names.ts';
import { alreadyExists, diskFull, MAX_UPLOAD_BYTES, noAccess, notImported, tooLarge } from './refusals.ts';
import type { Spool } from './spool.ts';

type Parts = {
  readonly store: UploadStore;
  readonly spool: Spool;
  readonly clock: () => number;
};

type LocalFile = {
  readonly account: Account;
  readonly mode: Mode;
  readonly name: string;
  readonly localPath: string;
};

/**
 * Takes a file of this machine in as if the partner had dropped it, due at once. It is uploaded as careful partners
 * do it, under a temporary name and then renamed, so that a crash leaves either a whole file or none under its name,
 * and a server that runs on the same store may go on meanwhile.
 */
export async function takeFile(
  parts: Parts,
  local: LocalFile,
): Promise<Result<{ import: ImportId }, DropRefusal>> {
  const { account, mode, name, localPath } = local;
  if (!account.modes.includes(mode)) return noAccess(mode);
  const named = uploadable(name);
  if (!named.ok) return named;
  if (!eligible(name)) return notImported(name);
  const readable = await checkLocalFile(localPath, name);
  if (!readable.ok) return readable;

  const now = parts.clock();
  const waiting = { account: account.id, mode, name: `.import-${now}-${name}` };
  const how = { create: true, exclusive: true, eligible: false, now };
  const begun = await parts.store.beginUpload({ ...waiting, ...how });
  if (!begun.ok) return alreadyExists(name); // somebody hands in a file of that name at this very moment
  try {
    const taken = await handIn(parts, waiting, begun.value.file, local, now);
    if (!taken.ok) await discard(parts, waiting, now);
    return taken;
  } catch (error) {
    await discard(parts, waiting, now);
    if (isDiskFull(error)) return diskFull(name);
    throw error;
  }
}

async function checkLocalFile(localPath: string, name: string): Promise<Result<undefined, DropRefusal>> {
  try {
    const found = await stat(localPath);
    if (!found.isFile()) return refused('not_allowed', `${localPath} is not a file.`);
    return found.size > MAX_UPLOAD_BYTES ? tooLarge(name) : ok(undefined);
  } catch (error) {
    if (isMissing(error)) return refused('no_such_file', `There is no file ${localPath}.`);
    throw error;
  }
}

/** Bytes first, then the record, then the name that makes an import of it. */
async function handIn(
  { store, spool }: Parts,
  waiting: UploadPath,
  file: FileId,
  { account, mode, name, localPath }: LocalFile,
  now: number,
): Promise<Result<{ import: ImportId }, DropRefusal>> {
  const size = await spool.take(file, localPath);
  await store.commitUpload(file, { size, mtime: now, eligible: false, now, due: now });
  const there = await store.findEntry(account.id, mode, name, now);
  const replace = there?.state === 'taken';
  const renamed = await store.renameUpload(waiting, name, { replace, eligible: true, now, due: now });
  if (!renamed.ok) return alreadyExists(name);
  const { import: id } = renamed.value;
  if (!id) throw new Error(`The file ${file} was taken in, but it has no import`);
  return ok({ import: id });
}

async function discard({ store, spool }: Parts, waiting: UploadPath, now: number): Promise<void> {
  const removed = await store.removeUpload(waiting, now);
  if (removed.ok) await spool.remove(removed.value);
}
