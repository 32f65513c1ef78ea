import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { TestCount } from './test/test-count.ts';

// As the program does: threads take their code from the cache. Without it each would strip the types of its files itself, with the
// WebAssembly that Node brings for it, and V8 crashes now and then when threads that run WebAssembly come and go by the hundred.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(
  new URL('node_modules/.cache/policydrop', import.meta.url),
);

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: [process.stdout.isTTY ? 'default' : 'dot', new TestCount()],
    // Only what hangs ends here: a busy machine may take several times as long as a quiet one.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Two cores: more files at once only take each other's processor away.
    maxWorkers: 2,
    // V8 keeps account of pages of code wrongly now and then when threads come and go ("jit_page.has_value()"): not without the keys.
    execArgv: ['--no-memory-protection-keys'],
  },
});
