import { crc32, deflateRawSync } from 'node:zlib';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const DOCUMENT = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** What a workbook is made of; a test gives what is odd about it. `parts` are added, or take the place of others. */
export type Oddity = {
  readonly rows?: string; // inside <sheetData>
  readonly strings?: string; // inside <sst>
  readonly formats?: readonly string[]; // a style for each, from 1 on
  readonly workbook?: string; // before <sheets>
  readonly sheets?: string; // inside <sheets>
  readonly parts?: Readonly<Record<string, string | Uint8Array>>;
};

/** A workbook with one sheet. */
export function workbook({
  rows = '',
  strings = '',
  formats = [],
  workbook = '',
  sheets,
  parts = {},
}: Oddity): Buffer {
  const related = (kind: string, id: string, target: string) =>
    `<Relationship Id="${id}" Type="${DOCUMENT}/${kind}" Target="${target}"/>`;
  const escaped = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return zip({
    '_rels/.rels': `<Relationships xmlns="${PACKAGE}">${related('officeDocument', 'r1', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${DOCUMENT}">${workbook}<sheets>${sheets ?? '<sheet name="One" sheetId="1" r:id="r1"/>'}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${PACKAGE}">${related('worksheet', 'r1', 'worksheets/sheet1.xml')}${related('worksheet', 'r2', '/xl/worksheets/sheet2.xml')}${related('sharedStrings', 'r3', 'sharedStrings.xml')}${related('styles', 'r4', 'styles.xml')}</Relationships>`,
    'xl/worksheets/sheet1.xml': sheet(rows),
    'xl/worksheets/sheet2.xml': sheet('<row><c t="inlineStr"><is><t>second</t></is></c></row>'),
    'xl/sharedStrings.xml': `<sst xmlns="${MAIN}">${strings}</sst>`,
    'xl/styles.xml': `<styleSheet xmlns="${MAIN}"><numFmts>${formats.map((code, i) => `<numFmt numFmtId="${200 + i}" formatCode="${escaped(code)}"/>`).join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${formats.map((_, i) => `<xf numFmtId="${200 + i}"/>`).join('')}</cellXfs></styleSheet>`,
    ...parts,
  });
}

export function sheet(rows: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData></worksheet>`;
}

/** A ZIP archive; `declared` are sizes to claim in place of the true ones. */
export function zip(
  parts: Readonly<Record<string, string | Uint8Array>>,
  declared: Readonly<Record<string, number>> = {},
): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(parts)) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const sizes = [crc32(bytes), packed.length, declared[name] ?? bytes.length] as const;
    const local = record(0x04034b50, [20, 0x800, 8, 0, 0], sizes, [name.length, 0]);
    locals.push(local, Buffer.from(name), packed);
    const attributes = Buffer.alloc(14);
    attributes.writeUInt32LE(offset, 10);
    central.push(
      record(0x02014b50, [20, 20, 0x800, 8, 0, 0], sizes, [name.length, 0]),
      attributes,
      Buffer.from(name),
    );
    offset += local.length + name.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const count = Object.keys(parts).length;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

function record(
  signature: number,
  short: readonly number[],
  long: readonly number[],
  more: readonly number[],
): Buffer {
  const bytes = Buffer.alloc(4 + 2 * short.length + 4 * long.length + 2 * more.length);
  let at = bytes.writeUInt32LE(signature, 0);
  for (const one of short) at = bytes.writeUInt16LE(one, at);
  for (const one of long) at = bytes.writeUInt32LE(one, at);
  for (const one of more) at = bytes.writeUInt16LE(one, at);
  return bytes;
}
