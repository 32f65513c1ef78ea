import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SETTINGS } from '../../src/config/settings.ts';
import { SCORES } from '../../src/sftp/gate/bans.ts';

const PAGE = readFileSync(new URL('../../docs/operator.md', import.meta.url), 'utf8');

test('docs/operator.md explains every setting of SFTP', () => {
  const keys = Object.values(SETTINGS)
    .map(({ key }) => key)
    .filter((key) => key.startsWith('sftp.') && key !== 'sftp.port');
  const [, section = ''] = /## Limits and bans\n([\s\S]*?)\n## Partners/.exec(PAGE) ?? [];
  for (const key of keys) expect(section).toContain(`\`${key}\``);
});

test('docs/operator.md has the points that lead to a ban', () => {
  const points = [...PAGE.matchAll(/^\| (\d) \| /gm)].map(([, number]) => Number(number));
  expect(points).toEqual(Object.values(SCORES));
});
