import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { certificateOf } from '../../src/document/certificate.ts';
import { TRAVEL } from '../product/travel.ts';
import { POLICY } from './a-policy.ts';

const directory = mkdtempSync(join(tmpdir(), 'policydrop-certificate-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const canReadPdf = spawnSync('pdftotext', ['-v']).error === undefined;
if (!canReadPdf) process.stderr.write('The text of certificates was not read: install poppler-utils.\n');

/** What a reader of the PDF sees, page by page. */
function pagesOf(pdf: Uint8Array): string[] {
  const file = join(directory, 'certificate.pdf');
  writeFileSync(file, pdf);
  const { stdout, status } = spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  expect(status).toBe(0);
  return stdout.replaceAll('\u00a0', ' ').split('\f').slice(0, -1);
}

describe('a certificate', () => {
  test('is a PDF, and the same for the same policy', async () => {
    const one = await certificateOf(POLICY, TRAVEL, 'de');
    expect(Buffer.from(one).toString('latin1', 0, 5)).toBe('%PDF-');
    expect(Buffer.compare(one, await certificateOf(POLICY, TRAVEL, 'de'))).toBe(0);
    expect(Buffer.compare(one, await certificateOf(POLICY, TRAVEL, 'en'))).not.toBe(0);
  });

  test.runIf(canReadPdf)('can be read in any script of Europe, and in a language that it has', async () => {
    const traveller = { '0': { name: 'Łukasz Ünsal', age: 34 }, '1': { name: 'Ζωή Жанна', age: 9 } };
    const policy = { ...POLICY, quote_data: { ...POLICY.quote_data, traveller } };
    const [page = '', ...more] = pagesOf(await certificateOf(policy, TRAVEL, 'lv')); // German is the product's first
    expect(more).toEqual([]);
    for (const text of [
      'Versicherungsbestätigung',
      'Łukasz Ünsal',
      'Ζωή Жанна',
      '82,86 €',
      'ausgestellt am 30. November 2026',
    ]) {
      expect(page).toContain(text);
    }
  });

  test.runIf(canReadPdf)('goes on on further pages, each with the footer', async () => {
    const line = { label: 'A line', value: '{policy.first_name}' };
    const long = { title: 'Long', table: Array.from({ length: 60 }, () => line), footer: '{policy_number}' };
    const first_name = 'Zoë '.repeat(50);
    const policyholder = { ...POLICY.policyholder, first_name };
    const pages = pagesOf(
      await certificateOf({ ...POLICY, policyholder }, { ...TRAVEL, certificate: long }, 'en'),
    );
    expect(pages.length).toBeGreaterThan(2);
    for (const [at, page] of pages.entries())
      expect(page).toMatch(new RegExp(`RV-000000042 +${at + 1} ?/ ?${pages.length}`));
    expect(pages.join('').match(/A line/g)).toHaveLength(60);
  });
});
