// A small file that begins anew is only in memory until its CLOSE, which then hands bytes and record to the store in one
// transaction: one wait instead of five, and one sync of the disk instead of three. It becomes an upload like any other as soon
// as it grows large, something else than its next bytes is asked for, somebody looks at its path, or `SOON` has passed.
import { ok, type Result } from '../domain/refusal.ts';
import type { UploadPath } from '../store/upload-store.ts';
import type { DropRefusal, WriteFlags, WriteHandle } from './drop.ts';
import type { DropParts } from './drop-parts.ts';
import { eligible } from './names.ts';
import { pathKey } from './uploads.ts';
import { writeHandle } from './write-handle.ts';
import { lengthOf } from './write-whole.ts';

/** ms: a program that dies loses no more than what came so lately, of files that were not closed. */
const SOON = 50;

/** A handle on a file of which only the path is known; to be made in the turn of the path, where no other handle is open on it. */
export function smallUpload(path: UploadPath, flags: WriteFlags, parts: DropParts): WriteHandle {
  const { uploads, drafts, turns, spool, store, settle, clock } = parts;
  const key = pathKey(path);
  const inTurn = <T>(work: () => Promise<T>) => turns(key, work);

  let bytes: Uint8Array[] = [];
  let size = 0;
  let mtime = clock();
  let expected = flags.declared ?? 0;
  let here = true; // and nowhere else
  let upload: Promise<Result<WriteHandle, DropRefusal>> | undefined;

  drafts.add(key, { record });
  const timer = setTimeout(() => drafts.record(key), SOON);

  function end(): void {
    if (!here) return;
    here = false;
    clearTimeout(timer);
    drafts.remove(key, size);
  }

  function record(): Promise<Result<WriteHandle, DropRefusal>> {
    upload ??= beginUpload();
    return upload;
  }

  async function beginUpload(): Promise<Result<WriteHandle, DropRefusal>> {
    end();
    const opening = { create: true, exclusive: false, keep: false, declared: expected };
    const begun = await uploads.begin(path, opening);
    if (!begun.ok) return begun;
    await uploads.fill(begun.value, bytes);
    begun.value.mtime = mtime;
    bytes = [];
    return ok(writeHandle(begun.value, flags, parts));
  }

  async function asUpload<T>(
    work: (upload: WriteHandle) => Promise<Result<T, DropRefusal>>,
  ): Promise<Result<T, DropRefusal>> {
    const made = await inTurn(record);
    return made.ok ? work(made.value) : made;
  }

  async function keep(offset: number, pieces: readonly Uint8Array[]): Promise<boolean> {
    const length = lengthOf(pieces);
    if (!here || offset !== size || !(await spool.hasRoom(length)) || !drafts.grow(size, length))
      return false;
    bytes.push(...pieces.map((piece) => Uint8Array.from(piece))); // they lie in a packet, or in a larger buffer
    size += length;
    mtime = clock();
    return true;
  }

  /** False where a file is at the path that may still change: that one is written over. */
  async function commit(): Promise<boolean> {
    end();
    const now = clock();
    const whole = joined(bytes, size);
    const how = { eligible: eligible(path.name), now, due: now + settle };
    const put = await store.putUpload({ ...path, ...how, bytes: whole, expected, mtime });
    return put.ok;
  }

  return {
    attributes: async () => {
      const made = upload && (await upload);
      return made?.ok ? made.value.attributes() : { kind: 'file', size, mtime };
    },

    read: (offset, ...into) => asUpload((file) => file.read(offset, ...into)),

    write: async (offset, ...pieces) => {
      const kept = await inTurn(() => keep(offset, pieces));
      return kept ? ok(undefined) : asUpload((file) => file.write(offset, ...pieces));
    },

    change: async (changes) => {
      const kept = await inTurn(async () => {
        if (!here || (changes.size ?? size) !== size) return false;
        expected = changes.size ?? expected;
        mtime = changes.mtime ?? (changes.size === undefined ? mtime : clock());
        return true;
      });
      return kept ? ok(undefined) : asUpload((file) => file.change(changes));
    },

    sync: () => asUpload((file) => file.sync()),

    close: async () => {
      const committed = await inTurn(async () => here && commit());
      return committed ? ok(undefined) : asUpload((file) => file.close());
    },

    abandon: async () => {
      const made = await inTurn(record);
      if (made.ok) await made.value.abandon();
    },
  };
}

/** In memory of its own: what goes to another thread takes all of the memory along that it is a part of. */
function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
