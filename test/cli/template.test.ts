import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Site } from '../journey/a-server.ts';

const INTEGRATIONS = ['in_41c2f22d51612f04ee2c48eca3dc0', 'in_f6e5410024f0484461bcc550e58a5'];

let site: Site;
beforeEach(() => {
  site = new Site();
});
afterEach(() => site.remove());

describe('policydrop template', () => {
  test.each(
    INTEGRATIONS.flatMap(
      (id) =>
        [
          [id, 'csv'],
          [id, 'xlsx'],
        ] as const,
    ),
  )('of %s as %s, filled with the example, becomes a policy', (integration, format) => {
    const file = join(site.directory, `template.${format}`);
    const made = site.cliResult('template', integration, '--format', format, '--example', '--output', file);
    expect([made.status, made.stdout]).toEqual([0, `Written to ${file}.\n`]);
    expect(existsSync(site.data)).toBe(false);
    site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
    site.cli('import', file, '--account', 'partner', '--mode', 'test', '--wait');
    expect(site.cli('imports', 'list')).toMatchObject([{ state: 'completed', rows: 1, created: 1 }]);
  });

  test('is only a header without --example, with what is required first', () => {
    const { stdout } = site.cliResult('template', INTEGRATIONS[0] ?? '');
    expect(stdout).toMatch(
      /^\ufeffidempotency_key,integration_id,quote\.data\.policy_start_date,quote\.data\.protected_element\.0\.price,/,
    );
    expect(stdout.trim().split('\n')).toHaveLength(1);
  });

  test('of an integration that nobody has names those that there are', () => {
    const { status, stderr } = site.cliResult('template', 'in_nobody');
    expect(status).toBe(1);
    expect(stderr).toContain('There is no integration "in_nobody"');
    for (const id of INTEGRATIONS) expect(stderr).toContain(id);
  });

  test('that cannot be written says so', () => {
    const { status, stderr } = site.cliResult(
      'template',
      INTEGRATIONS[0] ?? '',
      '--output',
      '/nowhere/t.csv',
    );
    expect(status).toBe(1);
    expect(stderr).toContain('The template cannot be written: ENOENT');
    expect(() => readFileSync('/nowhere/t.csv')).toThrow();
  });
});
