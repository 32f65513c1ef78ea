import { ok, type Result } from '../domain/refusal.ts';
import { writablePath } from './access.ts';
import type { DropRefusal, WriteFlags, WriteHandle } from './drop.ts';
import type { DropParts } from './drop-parts.ts';
import { uploadable } from './names.ts';
import { smallUpload } from './small-upload.ts';
import { pathKey } from './uploads.ts';
import { writeHandle } from './write-handle.ts';

/**
 * OPEN for writing, by the bits of the flags: only `truncate` empties a file, and a writer that does not truncate
 * goes on from the bytes that are there, even those of a file that belongs to its import already.
 */
export async function openWrite(
  parts: DropParts,
  path: string,
  flags: WriteFlags,
): Promise<Result<WriteHandle, DropRefusal>> {
  const place = writablePath(parts.account, path);
  if (!place.ok) return place;
  const named = uploadable(place.value.name);
  if (!named.ok) return named;
  const { uploads, drafts, turns } = parts;
  const key = pathKey(place.value);
  return turns(key, async () => {
    await drafts.recordInTurn(key);
    if (beginsAnew(flags) && !uploads.has(place.value)) return ok(smallUpload(place.value, flags, parts));
    const { create, exclusive, truncate, declared } = flags;
    const begun = await uploads.begin(place.value, { create, exclusive, keep: !truncate, declared });
    return begun.ok ? ok(writeHandle(begun.value, flags, parts)) : begun;
  });
}

/** Whatever is at the path, so that nobody need look. */
function beginsAnew({ create, truncate, exclusive, append }: WriteFlags): boolean {
  return create && truncate && !exclusive && !append;
}
