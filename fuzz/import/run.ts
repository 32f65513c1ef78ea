import { readFileSync } from 'node:fs';
import { catalogueOf } from '../../src/product/compile.ts';
import { Finding } from '../finding.ts';
import { heapAfterCollection, mib } from '../heap.ts';
import { Random } from '../random.ts';
import { anyFile } from './files.ts';
import { mutated } from './mutations.ts';
import { paceKeeper } from './pace.ts';
import { readAll } from './read-all.ts';

const PRODUCT = new URL('../../products/ticketplan-ticket-refund.yaml', import.meta.url);
const LOOK_EVERY = 2_000; // files, between looks at the heap
const MAX_GROWTH = 32 * 1024 * 1024; // bytes of heap after a collection
const TELL_EVERY = 5_000; // ms

type Options = {
  readonly seed: number;
  /** Enough is enough. */
  readonly until: (files: number, ms: number) => boolean;
  readonly say: (line: string) => void;
};

export type Outcome = { readonly files: number; readonly rows: number; readonly finding: string | undefined };

/** Reads changed file after changed file until there is enough, or one finds something. */
export async function fuzzImport({ seed: first, until, say }: Options): Promise<Outcome> {
  const definition = readFileSync(PRODUCT, 'utf8');
  const catalogue = catalogueOf([{ product_id: 'pr', version: 1, definition }]);
  const pace = await paceKeeper(catalogue);
  const start = performance.now();
  let [files, rows, told] = [0, 0, start];
  let base: number | undefined;
  for (let seed = first; ; seed++) {
    if (until(files, performance.now() - start)) return { files, rows, finding: undefined };
    try {
      const random = new Random(seed);
      const { kind, bytes } = anyFile(random);
      const file = random.chance(0.05) ? bytes : mutated(random, bytes);
      const released = random.chance(0.5);
      rows += await pace.keep(kind, file.length, () => readAll(file, catalogue, released));
      if (++files % LOOK_EVERY === 0) base = checkGrowth(base);
    } catch (error) {
      const what = error instanceof Finding ? error.message : (error as Error).stack;
      return { files, rows, finding: `${what}\nagain: npm run fuzz -- import 1 --seed ${seed}` };
    }
    if (performance.now() - told < TELL_EVERY) continue;
    told = performance.now();
    say(`${files} files, ${rows} rows, next seed ${seed + 1}, resident ${mib(process.memoryUsage().rss)}`);
  }
}

function checkGrowth(base: number | undefined): number {
  const now = heapAfterCollection();
  if (base !== undefined && now > base + MAX_GROWTH)
    throw new Finding(`the heap has grown by ${mib(now - base)}`);
  return base ?? now;
}
