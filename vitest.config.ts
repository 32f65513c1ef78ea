import { defineConfig } from 'vitest/config';
import { TestCount } from './test/test-count.ts';

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
