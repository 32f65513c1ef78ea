import type { Account } from '../domain/account.ts';
import type { Mode } from '../domain/mode.ts';
import { ok, type Result } from '../domain/refusal.ts';
import type { Entry, Folder } from '../domain/upload.ts';
import type { UploadPath } from '../store/upload-store.ts';
import type { Attributes, DropRefusal } from './drop.ts';
import type { DropParts } from './drop-parts.ts';
import { placeOf } from './paths.ts';
import { isFolder, keptForTheRecord, noAccess, noSuchFile, wrongPlace } from './refusals.ts';
import type { Upload } from './uploads.ts';

/** Whether the folder takes uploads; the others show what became of them. */
export function isMode(folder: Folder): folder is Mode {
  return folder === 'test' || folder === 'live';
}

/** The folders of the root: those for uploads always, the others from the first processed file on. */
export async function visibleFolders({ account, store, clock }: DropParts): Promise<Folder[]> {
  const processed = await store.hasProcessedFiles(account.id, clock());
  return processed ? ['imports_processed', 'imports_reports', 'live', 'test'] : ['live', 'test'];
}

/** Everybody sees the folders, but looks only into those of the account's modes. */
export function mayEnter(account: Account, folder: Folder): Result<undefined, DropRefusal> {
  return isMode(folder) && !account.modes.includes(folder) ? noAccess(folder) : ok(undefined);
}

/** The path as one that an account may write to, whether or not a file is there. */
export function writablePath(account: Account, path: string): Result<UploadPath, DropRefusal> {
  const place = placeOf(path);
  if (place.kind === 'nowhere') return wrongPlace();
  if (place.kind !== 'file') return isFolder(path);
  const { folder, name } = place;
  if (!isMode(folder)) return keptForTheRecord(folder);
  const entered = mayEnter(account, folder);
  return entered.ok ? ok({ account: account.id, mode: folder, name }) : entered;
}

export type Found = { readonly folder: Folder; readonly entry: Entry };

/** The file at a path, also one that has moved on lately. */
export async function findFile(parts: DropParts, path: string): Promise<Result<Found, DropRefusal>> {
  const { account, store, clock } = parts;
  const place = placeOf(path);
  if (place.kind === 'nowhere') return noSuchFile(path);
  if (place.kind !== 'file') return isFolder(path);
  const { folder, name } = place;
  const entered = mayEnter(account, folder);
  if (!entered.ok) return entered;
  const entry = await store.findEntry(account.id, folder, name, clock());
  return entry ? ok({ folder, entry }) : noSuchFile(path);
}

/** The upload behind a file on which handles are open. */
export function uploadOf({ account, uploads }: DropParts, { folder, entry }: Found): Upload | undefined {
  if (!isMode(folder)) return undefined;
  return uploads.at({ account: account.id, mode: folder, name: entry.name }, entry.file);
}

/** What the store knows, except for a file that is being written: its size grows without the store. */
export async function fileAttributes(parts: DropParts, found: Found): Promise<Attributes> {
  const upload = uploadOf(parts, found);
  if (upload?.state !== 'writing') return { kind: 'file', size: found.entry.size, mtime: found.entry.mtime };
  return { kind: 'file', size: await upload.bytes.currentSize(), mtime: upload.mtime };
}
