import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ticket, tickets } from '../import/tickets.ts';
import { EXAMPLE, Site } from '../journey/a-server.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

let site: Site;
beforeEach(() => {
  site = new Site();
});
afterEach(() => site.remove());

describe('policydrop check', () => {
  test('of a good file says so, and makes nothing where nothing was', () => {
    const { status, stdout } = site.cliResult('check', EXAMPLE);
    expect(status).toBe(0);
    expect(stdout).toContain('checked against the products that are shipped');
    expect(stdout).toContain('tickets.csv  UTF-8, cells between commas, 33 columns, 2 rows');
    expect(stdout).toContain('✓ 2 would become policies, 0 would be duplicates, 0 would be rejected');
    expect(existsSync(site.data)).toBe(false);
  });

  test('of a bad file names every error, and writes the report that an import would', () => {
    const report = join(site.directory, 'report.csv');
    const { status, stdout } = site.cliResult(
      'check',
      fixture('csv/mixed-good-and-bad-rows.csv'),
      '--report',
      report,
    );
    expect(status).toBe(1);
    expect(stdout).toContain('policy.first_name is missing');
    expect(stdout).toContain('✗ 1 would become policies');
    const golden = readFileSync(fixture('../golden/import/mixed-good-and-bad-rows.txt'), 'utf8');
    const [, imported = ''] = /report\.csv\n(.*?)\n\n?---/s.exec(golden) ?? [];
    const withoutPolicies = imported.replaceAll(/tpol_…,TEST-TR-…/g, ',');
    expect(readFileSync(report, 'utf8').trim()).toBe(withoutPolicies.trim());
  });

  test.each([
    ['csv/unknown-columns.csv', 'did you mean `policy.email`?'],
    ['csv/cut-off-in-last-row.csv', 'would be held: The file seems to end in the middle of its last record'],
    ['csv/empty.csv', 'The file is empty'],
  ])('of %s says why nothing of it would be imported', (name, message) => {
    const { status, stdout } = site.cliResult('check', fixture(name));
    expect(status).toBe(1);
    expect(stdout).toContain(message);
  });

  test('of a workbook reads its sheet', () => {
    const { status, stdout } = site.cliResult('check', fixture('xlsx/example-by-libreoffice.xlsx'));
    expect([status, stdout]).toEqual([0, expect.stringContaining('Excel workbook, 33 columns, 2 rows')]);
  });

  test('with --json prints the rejected rows and then what was found', () => {
    const { status, stdout } = site.cliResult(
      '--json',
      'check',
      fixture('csv/mixed-good-and-bad-rows.csv'),
      '--limit',
      '1',
    );
    expect(status).toBe(1);
    const [row, found, ...more] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(row).toMatchObject({ row: 1, line: 2, errors: [{ code: 'missing_field' }] });
    expect(found).toMatchObject({
      state: 'bad',
      rows: 5,
      created: 1,
      rejected: 4,
      encoding: 'utf-8',
      delimiter: ',',
    });
    expect(more).toEqual([]);
  });

  test('for an account knows the policies that it has, and stores nothing', () => {
    site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
    const first = join(site.directory, 'first.csv');
    writeFileSync(first, tickets(ticket('a'), ticket('b')));
    site.cli('import', first, '--account', 'partner', '--mode', 'test', '--wait');
    const next = join(site.directory, 'next.csv');
    writeFileSync(
      next,
      tickets(
        ticket('a'),
        ticket('b', (line) => line.replace('"Nick"', '"Nora"')),
        ticket('c'),
      ),
    );
    const [, found] = site
      .cliResult('--json', 'check', next, '--account', 'partner')
      .stdout.trim()
      .split('\n');
    expect(JSON.parse(found ?? '')).toMatchObject({
      created: 1,
      duplicates: 1,
      rejected: 1,
      codes: { idempotency_conflict: 1 },
    });
    expect(site.cli('imports', 'list')).toHaveLength(1);
    expect(site.cli('policies', 'list')).toHaveLength(2);
    expect(site.cliResult('check', next, '--account', 'nobody').stderr).toContain(
      'There is no account "nobody"',
    );
  });

  test('of a file that is not there is refused before anything else', () => {
    const { status, stdout, stderr } = site.cliResult('check', '/nowhere.csv');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('The file cannot be read');
  });
});
