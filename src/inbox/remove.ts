import { ok, type Result } from '../domain/refusal.ts';
import { findFile, writablePath } from './access.ts';
import type { DropRefusal } from './drop.ts';
import type { DropParts } from './drop-parts.ts';
import { noSuchFile, taken } from './refusals.ts';
import { pathKey } from './uploads.ts';

/** REMOVE of an upload. What is absent is exactly `no_such_file`, in every folder: clients remove before they rename. */
export async function remove(parts: DropParts, path: string): Promise<Result<undefined, DropRefusal>> {
  const found = await findFile(parts, path);
  if (!found.ok) return found;
  const target = writablePath(parts.account, path);
  if (!target.ok) return target;
  const { store, spool, uploads, clock } = parts;
  return parts.turns(pathKey(target.value), async () => {
    const removed = await store.removeUpload(target.value, clock());
    if (!removed.ok) return removed.code === 'taken' ? taken(target.value.name) : noSuchFile(path);
    uploads.forget(target.value);
    await spool.remove(removed.value);
    return ok(undefined);
  });
}
