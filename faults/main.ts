// `npm run faults [-- NAME …]`: the long runs of what tests in test/journey do in short.
import { deliverToFaultyReceivers } from './deliver-to-faulty-receivers.ts';
import { killDuringDeliveries } from './kill-during-deliveries.ts';
import { killDuringImports } from './kill-during-imports.ts';

const say = (line: string) => void process.stdout.write(`${line}\n`);
const { random } = Math;

const runs: Record<string, (args: readonly string[]) => Promise<void>> = {
  /** `[KILLS] [ROWS]` */
  imports: ([kills = '20', rows = '100000']) =>
    killDuringImports({ kills: Number(kills), rows: Number(rows), random, say }),
  /** `[KILLS] [ROWS]` */
  webhooks: ([kills = '20', rows = '50000']) =>
    killDuringDeliveries({ kills: Number(kills), rows: Number(rows), random, say }),
  /** `[SECONDS] [ROWS]` */
  receivers: ([seconds = '300', rows = '100']) =>
    deliverToFaultyReceivers({ seconds: Number(seconds), rows: Number(rows), say }),
};

const [name = 'imports', ...args] = process.argv.slice(2);
const run = runs[name];
if (run) await run(args);
else {
  process.stderr.write(`There is no run "${name}"; there are: ${Object.keys(runs).join(', ')}\n`);
  process.exitCode = 2;
}
