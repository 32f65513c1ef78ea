import { describe, expect, test } from 'vitest';
import type { RejectedOutcome } from '../../src/domain/import.ts';
import { inspect } from '../../src/import/inspect.ts';
import { RecordReader } from '../../src/import/reader.ts';
import { rejectedHeader, rejectedRecords } from '../../src/import/rejected-rows.ts';
import { sourceOf } from './bytes.ts';

const TEXT = 'a;b\r\n1;Müller\r\n2;"zwei\r\nZeilen €"\r\n';
const ERROR = { code: 'invalid_value', column: 'b', value: '', message: 'b: "Müller" – no ☃' };
const REASON = ';"invalid_value";"b";"b: ""Müller"" – no ☃"\r\n';
const EXPECTED = `a;b;"_error_code";"_error_column";"_error_message"\r\n1;Müller${REASON}2;"zwei\r\nZeilen €"${REASON}`;

/** `NAME.rejected.csv` of a file whose rows are all rejected. */
async function rejected(bytes: Uint8Array): Promise<Buffer> {
  await using source = await sourceOf(bytes);
  const table = await inspect(source, 0);
  if (table.kind !== 'readable') throw new Error(JSON.stringify(table));
  const records = await new RecordReader(table.text.bytes, table.dialect, table.body).next(1000);
  const outcomes = records.map(({ row, line, offset, length }): RejectedOutcome => {
    const found = { row, line, idempotency_key: String(row), integration_id: '' };
    return { ...found, outcome: 'rejected', errors: [ERROR], bytes: { offset, length } };
  });
  return Buffer.concat([await rejectedHeader(table), await rejectedRecords(outcomes, table)]);
}

describe('rejected rows keep the encoding of their file', () => {
  const utf16 = (text: string) => Buffer.from(text, 'utf16le');
  test.each([
    ['UTF-8 with a BOM', Buffer.from(`\ufeff${TEXT}`), Buffer.from(`\ufeff${EXPECTED}`)],
    ['UTF-16 with a BOM', utf16(`\ufeff${TEXT}`), utf16(`\ufeff${EXPECTED}`)],
    ['UTF-16 without a BOM', utf16(TEXT), utf16(EXPECTED)],
    ['big endian UTF-16', utf16(`\ufeff${TEXT}`).swap16(), utf16(`\ufeff${EXPECTED}`).swap16()],
    ['Windows-1252, which has no snowman', windows1252(TEXT), windows1252(EXPECTED.replaceAll('☃', '?'))],
  ])('%s', async (_encoding, bytes, expected) => {
    expect((await rejected(bytes)).equals(expected)).toBe(true);
  });
});

function windows1252(text: string): Buffer {
  return Buffer.from(text.replaceAll('€', '\x80').replaceAll('–', '\x96'), 'latin1');
}
