import { afterAll, beforeAll, expect, test } from 'vitest';
import { Site } from '../journey/a-server.ts';

type Key = { name: string; mode: string; key: string };

let site: Site;
beforeAll(() => {
  site = new Site();
  site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`, '--mode', 'test');
});
afterAll(() => site.remove());

test('a key is told once, listed by its name, and removed by it', () => {
  const [made] = site.cli<Key>('apikey', 'create', 'partner', '--mode', 'test');
  expect(made?.key).toMatch(/^sk_test_[0-9a-f]{80}$/);
  expect(made?.key.startsWith(made.name)).toBe(true);
  const listed = site.cliResult('--json', 'apikey', 'list', 'partner').stdout;
  expect(JSON.parse(listed)).toMatchObject({ name: made?.name, mode: 'test' });
  expect(listed).not.toContain(made?.key.slice(24));
  expect(site.cli('apikey', 'remove', 'partner', made?.name ?? '')).toEqual([]);
  const again = site.cliResult('apikey', 'remove', 'partner', made?.name ?? '');
  expect([again.status, again.stderr]).toEqual([
    1,
    'policydrop: partner has no API key of that name. policydrop apikey list partner shows them.\n',
  ]);
});

test('a key may have a last day', () => {
  const [made] = site.cli('apikey', 'create', 'partner', '--mode', 'test', '--expires', '2099-12-31');
  expect(made).toMatchObject({ expires_at: '2100-01-01T00:00:00.000Z' });
  expect(site.cli('apikey', 'list', 'partner')).toMatchObject([{ expires_at: '2100-01-01T00:00:00.000Z' }]);
  const over = site.cliResult('apikey', 'create', 'partner', '--mode', 'test', '--expires', '2020-12-31');
  expect([over.status, over.stderr]).toEqual([2, expect.stringContaining('over already')]);
});

test('there is none for a mode that the account does not have, nor for no mode', () => {
  const live = site.cliResult('apikey', 'create', 'partner', '--mode', 'live');
  expect([live.status, live.stderr]).toEqual([1, 'policydrop: partner is for test only: no key for live.\n']);
  expect(site.cliResult('apikey', 'create', 'partner').status).toBe(2);
});
