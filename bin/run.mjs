// `node bin/run.mjs vitest run`: a tool of the project, or one of its own scripts, on the pinned Node.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runOnPinnedNode } from './bootstrap.mjs';

const [tool, ...args] = process.argv.slice(2);
await runOnPinnedNode(scriptOfTool, args);

/** A file of the project, or the `bin` entry of an installed package. */
function scriptOfTool() {
  if (existsSync(join(root, tool))) return tool;
  const { bin } = JSON.parse(readFileSync(join(root, 'node_modules', tool, 'package.json'), 'utf8'));
  return join('node_modules', tool, typeof bin === 'string' ? bin : bin[tool]);
}
