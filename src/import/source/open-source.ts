// The one door from an uploaded file to the text that its rows are read from: what is compressed, UTF-16 or a
// workbook is first written out as plain text, so that all behind this door knows one thing only, and can go to any place in it.
import type { RowError } from '../../domain/import.ts';
import type { Scratch, Spool, SpoolReader } from '../../inbox/spool.ts';
import { wholeError } from '../row-error.ts';
import { type Format, formatOf } from './format.ts';
import { gunzip } from './gunzip.ts';
import { Unreadable } from './unreadable.ts';
import { decodeUtf16 } from './utf16.ts';
import { writeWorkbook } from './workbook.ts';

export const MAX_FILE_BYTES = 8 * 1024 ** 3; // about 20 million rows of 33 columns: several minutes of work

/** `form`: what the text was before it became plain. */
export type Text = { readonly bytes: SpoolReader; readonly form: Form };
export type Form = Exclude<Format, 'gzip'>;

/** An uploaded file, open; closing it closes everything that was made of it. */
export type Source = AsyncDisposable & { readonly file: SpoolReader } & (
    | { readonly kind: 'text'; readonly text: Text }
    | { readonly kind: 'cut_off' | 'unreadable'; readonly error: RowError }
  );

/** Takes `file` over and finds out what it is by its bytes, not by its name. Throws only for faults of our own. */
export async function openSource(file: SpoolReader, spool: Pick<Spool, 'openScratch'>): Promise<Source> {
  const opened: { close(): Promise<void> }[] = [file];
  const dispose = async () => {
    for (const one of opened.reverse()) await one.close();
  };
  const source = { file, [Symbol.asyncDispose]: dispose };

  /** What `write` writes, as a file of its own. */
  async function written(write: (scratch: Scratch) => Promise<void>): Promise<SpoolReader> {
    const scratch = await spool.openScratch();
    opened.push(scratch);
    await write(scratch);
    return scratch.read();
  }

  try {
    return { ...source, kind: 'text', text: await textOf(file, written) };
  } catch (error) {
    if (error instanceof Unreadable) {
      const kind = error.code === 'cut_off' ? 'cut_off' : 'unreadable';
      return { ...source, kind, error: wholeError(error.code, error.message) };
    }
    await dispose();
    throw error;
  }
}

type Written = (write: (scratch: Scratch) => Promise<void>) => Promise<SpoolReader>;

async function textOf(file: SpoolReader, written: Written): Promise<Text> {
  if (file.size > MAX_FILE_BYTES) {
    const message = `The file has ${file.size} bytes, more than ${MAX_FILE_BYTES}: split it`;
    throw new Unreadable('too_large', message);
  }
  const format = await knownFormat(file);
  if (format !== 'gzip') return plain(file, format, written);
  const bytes = await written((scratch) => gunzip(file, scratch));
  const inner = await knownFormat(bytes);
  if (inner !== 'gzip') return plain(bytes, inner, written);
  throw new Unreadable(
    'unsupported_format',
    'This file is compressed twice: compress it once, or not at all',
  );
}

async function plain(bytes: SpoolReader, form: Form, written: Written): Promise<Text> {
  switch (form) {
    case 'text':
      return { bytes, form };
    case 'workbook':
      return { bytes: await written((scratch) => writeWorkbook(bytes, scratch)), form };
    default:
      return { bytes: await written((scratch) => decodeUtf16(bytes, form, scratch)), form };
  }
}

async function knownFormat(bytes: SpoolReader): Promise<Format> {
  const format = await formatOf(bytes);
  if (typeof format === 'string') return format;
  const message = `${format.foreign}: save it as an Excel workbook (.xlsx) or as "CSV UTF-8" and upload that`;
  throw new Unreadable('unsupported_format', message);
}
