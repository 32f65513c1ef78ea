import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** The path of a client that newer.sh unpacks; where it is missing, says so. */
export function newer(name: string): string | undefined {
  const path = resolve('node_modules/.cache/newer-clients', name);
  if (existsSync(path)) return path;
  console.warn(`Not run: ${name} of Debian's next release; test/clients/newer.sh fetches it.`);
  return undefined;
}
