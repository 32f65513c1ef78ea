import { afterEach, beforeEach, expect, test } from 'vitest';
import { EXAMPLE, Site } from '../journey/a-server.ts';

let site: Site;

beforeEach(() => {
  site = new Site();
});

afterEach(() => site.remove());

test('events are listed as they happened, go on after one of them, and hold what webhooks send', () => {
  site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
  site.cli('import', EXAMPLE, '--account', 'partner', '--mode', 'test', '--wait');
  type Listed = { id: string; type: string; data: Record<string, unknown> };
  const list = (...options: string[]) => {
    const args = ['events', 'list', '--account', 'partner', '--mode', 'test', ...options];
    return site
      .cli<Listed>(...args)
      .map(({ data: { assets: _, ...data }, ...event }) => ({ ...event, data })); // their links expire
  };
  const all = list();
  expect(all.map(({ type }) => type)).toEqual(['policy.created', 'policy.created', 'import.completed']);
  expect(all.at(-1)?.data).toMatchObject({ id: all.at(-1)?.id, rows: 2, created: 2 });
  expect(list('--after', all[0]?.id ?? '')).toEqual(all.slice(1));
  expect(list('--event', 'import.completed', '--limit', '1')).toEqual(all.slice(2));

  const table = site.cliResult('events', 'list', '--account', 'partner', '--mode', 'test');
  expect(table.stdout).toMatch(/import\.completed .* imp_[0-9a-f]+, tickets\.csv/);
  expect(site.cliResult('events', 'list', '--account', 'partner', '--mode', 'live').stdout).toBe(
    'No events.\n',
  );
  const wrong = site.cliResult(
    'events',
    'list',
    '--account',
    'partner',
    '--mode',
    'test',
    '--after',
    'evt_0',
  );
  expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringContaining('There is no event evt_0')]);
});
