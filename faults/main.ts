// `npm run faults [-- KILLS ROWS]`: the long run of what `test/journey/crash.test.ts` does in short.
import { killDuringImports } from './kill-during-imports.ts';

const [kills = '20', rows = '100000'] = process.argv.slice(2);
await killDuringImports({
  kills: Number(kills),
  rows: Number(rows),
  random: Math.random,
  say: (line) => process.stdout.write(`${line}\n`),
});
