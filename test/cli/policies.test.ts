import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXAMPLE, Site } from '../journey/a-server.ts';

type Policy = { id: string; revision: number; status: string; cancellation: unknown; policyholder: object };

let site: Site;

beforeAll(() => {
  site = new Site();
  site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
  site.cli('import', EXAMPLE, '--account', 'partner', '--mode', 'test', '--wait');
  const other = readFileSync(EXAMPLE, 'utf8')
    .replaceAll(/^"[0-9a-f]{8}-/gm, '"new-')
    .replaceAll('"Nick"', '"=1+1"');
  const file = site.file('other.csv', other);
  site.cli('import', file, '--account', 'partner', '--mode', 'live', '--wait');
});

afterAll(() => site.remove());

const newest = () => site.cli<Policy>('policies', 'list', '--mode', 'test', '--limit', '1')[0];
const idOf = (policy = newest()) => policy?.id ?? '';

describe('policies export', () => {
  const lines = (...options: string[]) => {
    const { stdout, stderr, status } = site.cliResult('policies', 'export', ...options);
    expect([status, stderr]).toEqual([0, '']);
    return parse(stdout, { columns: true }) as Record<string, string>[];
  };

  test('is a CSV file with every leaf, harmless in a spreadsheet', () => {
    const all = lines();
    expect(all).toHaveLength(4);
    expect(all.map(({ mode }) => mode)).toEqual(['live', 'live', 'test', 'test']);
    expect(all[1]).toMatchObject({
      status: 'active',
      net: '1037',
      gross: '1234',
      'policy.first_name': "'=1+1",
      'policy.data.venue_name': 'venue name',
      'quote.data.protected_element.1.price': '3000',
    });
    expect(all[1]?.['id']).toMatch(/^lpol_/);
  });

  test('takes only what is asked for', () => {
    expect(lines('--mode', 'live')).toHaveLength(2);
    expect(lines('--account', 'partner', '--status', 'cancelled')).toEqual([]);
    const today = new Date().toISOString().slice(0, 10);
    expect(lines('--from', today, '--to', today)).toHaveLength(4);
    expect(lines('--to', '2020-12-31')).toEqual([]);
    expect(site.cliResult('policies', 'export', '--from', 'yesterday').status).toBe(2);
    expect(site.cliResult('policies', 'export', '--account', 'nobody').status).toBe(1);
    const unknown = site.cliResult('policies', 'list', '--import', 'imp_nothing');
    expect(unknown).toMatchObject({ status: 1, stderr: expect.stringContaining('no import imp_nothing') });
  });

  test('with --json is the records that the list has', () => {
    expect(site.cli('policies', 'export')).toEqual(site.cli('policies', 'list'));
    expect(site.cliResult('policies', 'export', '--format', 'ndjson').stdout.split('\n')).toHaveLength(5);
  });
});

describe('a policy', () => {
  test('is cancelled and reactivated by an operator, and its history says so', () => {
    const id = idOf();
    const reason = 'the event was called off';
    const [cancelled] = site.cli<Policy>('policies', 'cancel', id, '--reason', reason);
    expect(cancelled).toMatchObject({ id, status: 'cancelled', revision: 2 });
    expect(cancelled?.cancellation).toMatchObject({ reason, termination_date: null });
    const twice = site.cliResult('policies', 'cancel', id, '--reason', reason);
    expect([twice.status, twice.stderr]).toEqual([1, expect.stringContaining('is cancelled')]);
    const [again] = site.cli<Policy>('policies', 'reactivate', id);
    expect(again).toMatchObject({ status: 'active', revision: 3, cancellation: null });
    expect(site.cliResult('policies', 'reactivate', id).status).toBe(1);
    const history = site.cli('policies', 'history', id);
    expect(history).toMatchObject([
      { revision: 1, action: 'created', actor: { kind: 'import', row: 2 } },
      { revision: 2, action: 'cancelled', actor: { kind: 'operator' } },
      {
        revision: 3,
        action: 'reactivated',
        changes: [{ field: 'status', from: 'cancelled', to: 'active' }, {}],
      },
    ]);
    const { stdout } = site.cliResult('policies', 'history', id);
    expect(stdout).toMatch(/created +imp_[0-9a-f]+, row 2/);
    expect(stdout).toContain(`status: active → cancelled; cancellation_reason: – → ${reason}`);
  });

  test('is not cancelled without a reason, or to a day outside its cover', () => {
    expect(site.cliResult('policies', 'cancel', idOf()).status).toBe(2);
    const late = ['--reason', 'x', '--termination-date', '2099-01-01'];
    const { status, stderr } = site.cliResult('policies', 'cancel', idOf(), ...late);
    expect([status, stderr]).toEqual([1, expect.stringContaining('is not within the cover')]);
  });

  test('that is not there is named by every command', () => {
    for (const args of [['show'], ['history'], ['reactivate'], ['cancel', '--reason', 'x']]) {
      const [command = '', ...options] = args;
      const { status, stderr } = site.cliResult('policies', command, 'tpol_0', ...options);
      expect([status, stderr]).toEqual([1, expect.stringContaining('There is no policy tpol_0')]);
    }
  });
});
