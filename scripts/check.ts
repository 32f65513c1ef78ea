// `npm run check`: everything that can be said about the code without running it.
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';

type Check = { name: string; command: string[]; accept?: (output: string) => boolean };

const checks: Check[] = [
  { name: 'types', command: ['node_modules/@typescript/native/bin/tsc', '-p', '.'] },
  { name: 'lint and format', command: ['node_modules/.bin/biome', 'ci', '--error-on-warnings', '.'] },
  { name: 'unused code', command: ['node_modules/.bin/knip'] },
  {
    name: 'import rule',
    command: [
      'node_modules/.bin/depcruise',
      '--config',
      '.dependency-cruiser.mjs',
      'src',
      'test',
      'bench',
      'faults',
    ],
    accept: (output) => Number(/(\d+) modules/.exec(output)?.[1] ?? 0) > 0, // cruising nothing finds nothing wrong
  },
  { name: 'lock file', command: ['npm', 'ci', '--dry-run', '--loglevel=error'] },
];

const results = await Promise.all(checks.map(run));
process.exitCode = results.every(Boolean) ? 0 : 1;

async function run({ name, command, accept = () => true }: Check): Promise<boolean> {
  const start = performance.now();
  const [file = '', ...args] = command;
  const path = `${dirname(process.execPath)}:${process.env['PATH']}`; // the tools, too, run on the pinned Node
  const env = { ...process.env, PATH: path, NO_COLOR: '1', FORCE_COLOR: '0' };
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  const passed = code === 0 && accept(output);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`${passed ? '✓' : '✗'} ${name} (${seconds} s)${passed ? '' : `\n\n${output}`}\n`);
  return passed;
}
