// `npm run bench [-- NAME]`: speed, always as a ratio against a reference measured in the same run, interleaved.
import { machineTime, print } from './figures.ts';
import { benchImport, benchImportMemory } from './import.ts';
import { benchRating } from './rating.ts';
import { benchSftp } from './sftp.ts';
import { benchWebhooks } from './webhooks.ts';

const benches: Record<string, (args: string[]) => Promise<void>> = {
  import: benchImport,
  'import-memory': benchImportMemory,
  rating: benchRating,
  sftp: benchSftp,
  webhooks: benchWebhooks,
};

const [name = 'import', ...args] = process.argv.slice(2);
const bench = benches[name];
if (bench) {
  const before = machineTime();
  await bench(args);
  const after = machineTime();
  const share = (100 * (after.stolen - before.stolen)) / (after.all - before.all);
  print(`The host gave ${share.toFixed(0)} % of this machine's processor time to others meanwhile.`);
} else {
  process.stderr.write(`There is no bench "${name}"; there are: ${Object.keys(benches).join(', ')}\n`);
  process.exitCode = 2;
}
