// `npm run bench [-- NAME]`: speed, always as a ratio against a reference measured in the same run, interleaved.
import { benchImport, benchImportMemory } from './import.ts';
import { benchSftp } from './sftp.ts';

const benches: Record<string, (args: string[]) => Promise<void>> = {
  import: benchImport,
  'import-memory': benchImportMemory,
  sftp: benchSftp,
};

const [name = 'import', ...args] = process.argv.slice(2);
const bench = benches[name];
if (bench) await bench(args);
else {
  process.stderr.write(`There is no bench "${name}"; there are: ${Object.keys(benches).join(', ')}\n`);
  process.exitCode = 2;
}
