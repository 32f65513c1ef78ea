import { expect, test } from 'vitest';
import { killDuringImports } from '../../faults/kill-during-imports.ts';

test('kill -9 at random moments of an import loses and doubles nothing (npm run faults: twenty kills, 100 000 rows)', async () => {
  const lines: string[] = [];
  await killDuringImports({ kills: 4, rows: 40_000, random: Math.random, say: (line) => lines.push(line) });
  expect(lines).toHaveLength(5);
}, 300_000);
