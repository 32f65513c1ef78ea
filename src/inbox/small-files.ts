import type { FileId } from '../domain/ids.ts';
import type { UploadStore } from '../store/upload-store.ts';
import { localSpool, type Spool, type SpoolReader } from './spool.ts';

type Store = Pick<UploadStore, 'fileBytes' | 'dropFileBytes'>;

/** The spool in `directory`, together with the small files that are in the store with their records. */
export async function openSpool(directory: string, store: Store): Promise<Spool> {
  return withSmallFiles(await localSpool(directory), store);
}

/** Bytes that are in the store are those of the file, whatever else a crash has left in the spool; to be written to, they move there. */
export function withSmallFiles(spool: Spool, store: Store): Spool {
  async function moveOut(file: FileId): Promise<void> {
    const bytes = await store.fileBytes(file);
    if (!bytes) return;
    await spool.put(file, bytes);
    await store.dropFileBytes(file);
  }

  return {
    ...spool,
    open: async (file, content) => {
      const bytes = content === 'file' ? await store.fileBytes(file) : undefined;
      return bytes ? readerOf(bytes) : spool.open(file, content);
    },
    openUpload: async (file, isNew = false) => {
      if (!isNew) await moveOut(file);
      return spool.openUpload(file);
    },
    copy: async (from, to) => {
      const bytes = await store.fileBytes(from);
      await (bytes ? spool.put(to, bytes) : spool.copy(from, to));
    },
    size: async (file) => (await store.fileBytes(file))?.length ?? spool.size(file),
  };
}

function readerOf(bytes: Uint8Array): SpoolReader {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    size: all.length,
    read: async (offset, length, into = Buffer.allocUnsafe(length)) =>
      into.subarray(
        0,
        all.copy(into, 0, Math.min(offset, all.length), Math.min(offset + length, all.length)),
      ),
    readInto: async (offset, pieces) => {
      let at = Math.min(offset, all.length);
      for (const piece of pieces) at += all.copy(piece, 0, at);
      return at - Math.min(offset, all.length);
    },
    close: async () => {},
  };
}
