// The rows of a workbook's first sheet as text, as the cells of a CSV would hold them (ECMA-376 part 1, 18.3).
import type { SpoolReader } from '../../../inbox/spool.ts';
import { openPackage } from './package.ts';
import { findParts } from './parts.ts';
import { readSharedStrings } from './shared-strings.ts';
import { SheetReader, type SheetRow } from './sheet-reader.ts';
import { readStyles } from './styles.ts';
import { parseXml } from './xml.ts';

/** The rows of the first visible sheet that hold anything, in order, some at a time. Throws Unreadable. */
export async function* sheetRows(file: SpoolReader): AsyncGenerator<readonly SheetRow[]> {
  const parts = await openPackage(file);
  const { sheet, sharedStrings, styles, from1904 } = await findParts(parts);
  const reader = new SheetReader({
    strings: await readSharedStrings(parts, sharedStrings),
    formats: await readStyles(parts, styles),
    from1904,
  });
  for await (const _ of parseXml(parts.read(sheet), reader)) {
    const rows = reader.take();
    if (rows.length > 0) yield rows;
  }
  yield reader.take();
}
