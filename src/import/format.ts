import type { SpoolReader } from '../inbox/spool.ts';

/** The first bytes of what partners send in place of a CSV file, and what to do then. */
const FORMATS: readonly { readonly bytes: readonly number[]; readonly message: string }[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], message: 'This is an Excel workbook or a ZIP archive' },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], message: 'This is an old or a password-protected Excel workbook' },
  { bytes: [0x1f, 0x8b], message: 'This file is compressed with gzip' },
  { bytes: [0x25, 0x50, 0x44, 0x46], message: 'This is a PDF document' },
  { bytes: [0xff, 0xfe], message: 'This file is UTF-16 text' },
  { bytes: [0xfe, 0xff], message: 'This file is UTF-16 text' },
];

/** What the file is, with what to do, when it is no CSV file in UTF-8 by its first bytes; undefined when it may be one. */
export async function foreignFormat(file: SpoolReader): Promise<string | undefined> {
  const head = await file.read(0, 4);
  const known = FORMATS.find(({ bytes }) => bytes.every((byte, i) => head[i] === byte));
  if (known) return known.message;
  return head[0] === 0 || head[1] === 0 ? 'This file is UTF-16 text' : undefined; // ASCII in UTF-16 without a BOM
}
