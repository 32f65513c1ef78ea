import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadConfig, variableOf } from '../../src/config/config.ts';
import { SETTINGS, type Setting } from '../../src/config/settings.ts';

const PAGE = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');

describe('docs/configuration.md', () => {
  test('has the table of settings that the program has', () => {
    const rows = PAGE.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows).toEqual(
      Object.values(SETTINGS).map(
        ({ key, shown, meaning }) => `| \`${key}\` | \`${variableOf(key)}\` | ${shown} | ${meaning} |`,
      ),
    );
  });

  test('shows a file that is valid and has every setting in it', () => {
    const [, yaml = ''] = /```yaml\n([^`]*)```/.exec(PAGE) ?? [];
    const file = { name: 'policydrop.yaml', text: yaml };
    expect(loadConfig({ flags: {}, env: {}, file })).toMatchObject({ ok: true });
    const inFile = (Object.values(SETTINGS) as readonly Setting[]).filter(({ secret }) => !secret);
    for (const { key } of inFile) expect(yaml).toContain(`${key.split('.').at(-1)}:`);
  });

  test.each(Object.values(SETTINGS).filter(({ shown }) => shown.startsWith('`')))(
    'tells the default of $key as it is',
    ({ shown, initial, parse }) => {
      expect(parse(shown.slice(1, -1))).toEqual({ ok: true, value: initial });
    },
  );
});
