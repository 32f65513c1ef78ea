import { posix } from 'node:path';
import { Unreadable } from '../unreadable.ts';
import { damaged, type Package } from './package.ts';
import { attribute, readXml } from './xml.ts';

/** Where the parts of a workbook lie that matter here. */
export type Parts = {
  readonly sheet: string;
  readonly sharedStrings: string | undefined;
  readonly styles: string | undefined;
  /** Days are counted from 1904, as on old Macs. */
  readonly from1904: boolean;
};

type Relationship = { readonly id: string; readonly type: string; readonly target: string };

/** Finds the first visible worksheet of a workbook, and what its cells refer to. Throws Unreadable. */
export async function findParts(file: Package): Promise<Parts> {
  if (!file.has('_rels/.rels')) throw noWorkbook(file);
  const root = await relationships(file, '');
  const workbook = root.find(({ type }) => type.endsWith('/officeDocument'))?.target;
  if (!workbook?.endsWith('.xml')) throw noWorkbook(file);
  const related = await relationships(file, workbook);
  const { sheets, from1904 } = await readWorkbook(file, workbook);
  const found = sheets.flatMap(({ id, hidden }) => {
    const sheet = related.find((one) => one.id === id && one.type.endsWith('/worksheet'));
    return sheet ? [{ target: sheet.target, hidden }] : [];
  });
  const sheet = found.find(({ hidden }) => !hidden) ?? found[0];
  if (!sheet) throw new Unreadable('empty_file', 'The workbook has no sheet with cells');
  const target = (kind: string) => related.find(({ type }) => type.endsWith(`/${kind}`))?.target;
  return { sheet: sheet.target, sharedStrings: target('sharedStrings'), styles: target('styles'), from1904 };
}

function noWorkbook(file: Package): Unreadable {
  const what = file.has('mimetype') ? 'an OpenDocument file' : 'a ZIP archive, and no Excel workbook (.xlsx)';
  return new Unreadable(
    'unsupported_format',
    `This is ${what}: save it as an Excel workbook (.xlsx) or as "CSV UTF-8"`,
  );
}

async function relationships(file: Package, part: string): Promise<Relationship[]> {
  const { dir, base } = posix.parse(part);
  const found: Relationship[] = [];
  await readXml(file.read(posix.join(dir, '_rels', `${base}.rels`)), {
    open(name, attributes) {
      const { Id: id, Type: type, Target: target, TargetMode: mode } = attributes;
      if (name !== 'Relationship' || mode === 'External' || !id || !type || !target) return;
      found.push({
        id,
        type,
        target: posix.join(target.startsWith('/') ? '' : dir, target).replace(/^\//, ''),
      });
    },
  });
  return found;
}

async function readWorkbook(file: Package, part: string) {
  const sheets: { id: string; hidden: boolean }[] = [];
  let from1904 = false;
  await readXml(file.read(part), {
    open(name, attributes) {
      if (name === 'workbookPr') from1904 = ['1', 'true', 'on'].includes(attributes['date1904'] ?? '');
      if (name !== 'sheet') return;
      const id = attribute(attributes, 'id');
      if (id === undefined) throw damaged('a sheet has no id');
      sheets.push({ id, hidden: (attributes['state'] ?? 'visible') !== 'visible' });
    },
  });
  return { sheets, from1904 };
}
