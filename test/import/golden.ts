import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const GOLDEN = new URL('../golden/import/', import.meta.url);

/** What a partner sees must be what the golden file says; `UPDATE_GOLDEN=1` writes it anew, to be read and committed. */
export function expectGolden(name: string, text: string): void {
  const path = fileURLToPath(new URL(name, GOLDEN));
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(text).toBe(existsSync(path) ? readFileSync(path, 'utf8') : `no golden file ${path}`);
}
