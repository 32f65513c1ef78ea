// `node bin/run.mjs vitest run`: a tool of the project, or one of its own scripts, on the pinned Node.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runOnPinnedNode } from './bootstrap.mjs';

// As the program does: threads take their code from the cache. Else each strips the types of its files itself, with the WebAssembly that
// Node brings for it, and V8 (of Node 24.21) crashes now and then while it frees such code, when threads come and go by the hundred.
process.env['NODE_COMPILE_CACHE'] ??= join(root, 'node_modules', '.cache', 'policydrop');

const [tool, ...args] = process.argv.slice(2);
await runOnPinnedNode(scriptOfTool, args);

/** A file of the project, or the `bin` entry of an installed package. */
function scriptOfTool() {
  if (existsSync(join(root, tool))) return tool;
  const { bin } = JSON.parse(readFileSync(join(root, 'node_modules', tool, 'package.json'), 'utf8'));
  return join('node_modules', tool, typeof bin === 'string' ? bin : bin[tool]);
}
