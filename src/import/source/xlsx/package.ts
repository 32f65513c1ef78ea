// The ZIP archive that a workbook is (ECMA-376 part 2). Nothing of it is believed: the sizes that it declares are checked
// while it is read, and it ends early where it would fill the memory or the disk.
import { Readable } from 'node:stream';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import type { SpoolReader } from '../../../inbox/spool.ts';
import { Unreadable } from '../unreadable.ts';

export const MAX_PARTS = 10_000; // a workbook with a thousand sheets has a few thousand
/** XML shrinks to a twentieth, the same row again and again to a hundredth; what shrinks further is made to fill disks. */
export const MAX_XML_RATIO = 250;
const RATIO_FLOOR = 4 * 1024 * 1024; // bytes that are harmless at any ratio
const BLOCK_BYTES = 64 * 1024;

export type Package = {
  has(part: string): boolean;
  /** The bytes of a part, inflated. Throws Unreadable, also for a part that is not there. */
  read(part: string): AsyncGenerator<Buffer>;
};

/** Looks into the archive; names are compared without regard to case, as the standard wants. Throws Unreadable. */
export async function openPackage(file: SpoolReader): Promise<Package> {
  const parts = new Map<string, Entry>();
  const zip = await unlessDamaged(() => openZip(file));
  await unlessDamaged(async () => {
    if (zip.entryCount > MAX_PARTS) throw tooLarge(`the workbook has more than ${MAX_PARTS} parts`);
    for await (const entry of zip.eachEntry()) parts.set(entry.fileName.toLowerCase(), entry);
  });
  const limit = Math.max(RATIO_FLOOR, file.size * MAX_XML_RATIO);
  return {
    has: (part) => parts.has(part.toLowerCase()),
    read: async function* (part) {
      const entry = parts.get(part.toLowerCase());
      if (!entry) throw damaged(`${part} is missing`);
      if (entry.isEncrypted()) throw new Unreadable('unsupported_format', PROTECTED);
      const stream = await unlessDamaged(() => zip.openReadStreamPromise(entry));
      let size = 0;
      try {
        for await (const chunk of stream) {
          size += chunk.length;
          if (size > limit) throw tooLarge(`${part} has more than ${limit} bytes`);
          yield chunk;
        }
      } catch (error) {
        throw asUnreadable(error);
      }
    },
  };
}

const PROTECTED = 'This workbook is protected by a password: save it without one';

function tooLarge(what: string): Unreadable {
  return new Unreadable(
    'too_large',
    `The workbook is too large: ${what}: save it as "CSV UTF-8" and upload that`,
  );
}

/** Parts that are missing or do not say what they should. */
export function damaged(reason: string): Unreadable {
  return new Unreadable(
    'damaged_file',
    `The workbook is damaged (${reason}): save it again and upload it in binary mode`,
  );
}

async function unlessDamaged<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asUnreadable(error);
  }
}

/** What yauzl and zlib say of the archive; what reading the file itself throws is a fault of ours. */
function asUnreadable(error: unknown): unknown {
  if (error instanceof Unreadable || 'syscall' in (error as object)) return error;
  const reason = (error as Error).message;
  if (!reason.startsWith('End of central directory')) return damaged(reason);
  return new Unreadable('cut_off', 'This is no whole workbook: its end never arrived');
}

function openZip(file: SpoolReader): Promise<ZipFile> {
  const options = { lazyEntries: true, autoClose: false, strictFileNames: false, validateEntrySizes: true };
  return fromRandomAccessReaderPromise(new Ranges(file), file.size, options);
}

class Ranges extends RandomAccessReader {
  private readonly file: SpoolReader;

  constructor(file: SpoolReader) {
    super();
    this.file = file;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.blocks(start, end), { objectMode: false });
  }

  override close(callback: (error: Error | null) => void): void {
    callback(null); // whoever opened the file closes it
  }

  private async *blocks(start: number, end: number): AsyncGenerator<Buffer> {
    for (let at = start; at < end; ) {
      const block = await this.file.read(at, Math.min(BLOCK_BYTES, end - at));
      if (block.length === 0) return;
      yield block;
      at += block.length;
    }
  }
}
