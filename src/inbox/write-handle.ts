import { ok, type Result } from '../domain/refusal.ts';
import type { DropRefusal, WriteFlags, WriteHandle } from './drop.ts';
import { lost, MAX_UPLOAD_BYTES, notReadable, tooLarge, tooManyGaps } from './refusals.ts';
import type { Turns } from './turns.ts';
import { pathKey, type Upload, type Uploads } from './uploads.ts';
import { lengthOf } from './write-whole.ts';

const AS_IT_IS = { create: false, exclusive: false, keep: true, declared: undefined };

type Parts = { readonly uploads: Uploads; readonly turns: Turns; readonly clock: () => number };

/** A handle on an upload that has been begun for it. Its operations wait for those of other handles on the same path. */
export function writeHandle(begun: Upload, flags: WriteFlags, { uploads, turns, clock }: Parts): WriteHandle {
  const { path } = begun;
  let upload = begun;

  const inTurn = <T>(work: () => Promise<T>) => turns(pathKey(path), work);

  /** Somebody else's CLOSE has committed the file: to write on is to open it again. */
  async function reopen(): Promise<Result<undefined, DropRefusal>> {
    const again = await uploads.begin(path, AS_IT_IS);
    if (!again.ok) return again;
    await uploads.leave(upload);
    upload = again.value;
    return ok(undefined);
  }

  async function changeBytes(
    end: number,
    work: () => Promise<void>,
  ): Promise<Result<undefined, DropRefusal>> {
    if (upload.state === 'committed') {
      const reopened = await reopen();
      if (!reopened.ok) return reopened;
    }
    if (upload.state === 'gone') return lost(path.name);
    if (upload.failure) return upload.failure;
    if (end > MAX_UPLOAD_BYTES) {
      upload.failure = tooLarge(path.name);
      return upload.failure;
    }
    const done = await uploads.attempt(upload, work);
    upload.mtime = clock();
    return done;
  }

  async function finish(): Promise<Result<undefined, DropRefusal>> {
    if (upload.state === 'gone') return lost(path.name);
    if (upload.failure) return upload.failure;
    return upload.state === 'writing' ? uploads.commit(upload) : ok(undefined);
  }

  return {
    attributes: async () => {
      return { kind: 'file', size: await upload.bytes.currentSize(), mtime: upload.mtime };
    },

    read: async (offset, ...into) => {
      if (!flags.read) return notReadable(path.name);
      return ok(await upload.bytes.readInto(offset, into));
    },

    write: (offset, ...pieces) =>
      inTurn(async () => {
        const start = flags.append ? await upload.bytes.currentSize() : offset;
        if (!upload.written.mayAdd(start)) return tooManyGaps(path.name);
        const end = start + lengthOf(pieces);
        return changeBytes(end, async () => {
          await upload.bytes.write(start, ...pieces);
          upload.written.add(start, end);
        });
      }),

    change: ({ size, mtime }) =>
      inTurn(async () => {
        if (size !== undefined) {
          const cut = await changeBytes(size, () => uploads.resize(upload, size));
          if (!cut.ok) return cut;
        }
        if (mtime !== undefined) await uploads.setTime(upload, mtime);
        return ok(undefined);
      }),

    sync: () =>
      inTurn(async () => {
        if (upload.state === 'gone') return lost(path.name);
        return upload.failure ?? uploads.attempt(upload, () => upload.bytes.sync());
      }),

    close: () =>
      inTurn(async () => {
        try {
          return await finish();
        } finally {
          await uploads.leave(upload);
        }
      }),

    abandon: () => inTurn(() => uploads.leave(upload)),
  };
}
