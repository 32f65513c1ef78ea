// Plain JavaScript without dependencies: installs what the lock file names when it is missing or
// older than the lock, then runs a script on the Node 24 that comes with it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));
const OLDEST_NODE_THAT_RUNS_US = [24, 7]; // type stripping, node:sqlite, ML-KEM in node:crypto

/** Installs when needed, then runs `script` (a path in the project) with `args`, here or on the pinned Node. */
export async function runOnPinnedNode(findScript, args) {
  if (!installed()) install();
  const script = join(root, findScript());
  if (recentEnough()) {
    process.argv.splice(1, Infinity, script, ...args);
    await import(pathToFileURL(script).href);
  } else {
    process.exitCode = await spawned(pinnedNode(), [script, ...args]);
  }
}

function installed() {
  const marker = join(root, 'node_modules', '.package-lock.json');
  const lock = join(root, 'package-lock.json');
  return existsSync(marker) && (!existsSync(lock) || statSync(marker).mtimeMs >= statSync(lock).mtimeMs);
}

function install() {
  process.stderr.write('policydrop: installing what package-lock.json names (once, about half a minute) …\n');
  const npm = spawnSync('npm', ['ci', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (npm.error) fail(`npm could not be started: ${npm.error.message}. Install npm, then try again.`);
  if (npm.status !== 0) fail('npm ci failed; its messages stand above. Mend that, then try again.');
}

function recentEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = OLDEST_NODE_THAT_RUNS_US;
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

function pinnedNode() {
  const node = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(node)) return node;
  return fail(
    `no Node for ${process.platform}-${process.arch} comes with the project, and this is Node ${process.versions.node}. ` +
      'Install Node 24.7 or newer from nodejs.org, then try again.',
  );
}

/** Signals sent to this process reach the child; the IPC channel tells the child when this process is gone. */
function spawned(node, args) {
  // glibc keeps freed memory apart for each thread; in two parts for all of them it is 20 MB less, and no slower.
  const env = { MALLOC_ARENA_MAX: '2', ...process.env };
  const child = spawn(node, args, { env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  process.on('SIGINT', () => {}); // a terminal's Ctrl-C reaches the child by itself
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.on('exit', (code) => resolve(code ?? 1));
    child.on('error', (error) => fail(`cannot start ${node}: ${error.message}`));
  });
}

function fail(message) {
  process.stderr.write(`policydrop: ${message}\n`);
  process.exit(1);
}
