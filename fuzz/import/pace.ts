import type { Catalogue } from '../../src/product/product.ts';
import { Finding } from '../finding.ts';
import { goodFile, type Kind } from './files.ts';
import { readAll } from './read-all.ts';

const MOST = 10; // times what a good file of the size takes
const FLOOR = 50; // ms: below, a collection of garbage is half of it
const SIZES = [2_000, 64_000, 1_000_000]; // bytes of good files
const TRIES = 4; // the machine may have been busy

/** Knows how long good files take, and finds what takes much longer. */
export async function paceKeeper(catalogue: Catalogue) {
  const good = new Map<Kind, { size: number; ms: number }[]>();
  for (const kind of ['csv', 'gzip', 'workbook'] as const) {
    const measured = [];
    for (const size of SIZES) {
      const file = goodFile(kind, size);
      measured.push({ size: file.length, ms: await fastest(() => readAll(file, catalogue, true)) });
    }
    good.set(kind, measured);
  }

  /** What a good file of that size would take. */
  function expected(kind: Kind, size: number): number {
    const measured = good.get(kind) ?? [];
    const larger = measured.find((one) => one.size >= size) ?? measured.at(-1);
    return larger ? larger.ms * Math.max(1, size / larger.size) : 0;
  }

  return {
    /** Runs `read`, again when it was slow; throws a Finding when it always is. */
    async keep(kind: Kind, size: number, read: () => Promise<number>): Promise<number> {
      const most = MOST * Math.max(expected(kind, size), FLOOR / MOST) + FLOOR;
      const start = performance.now();
      const rows = await read();
      if (performance.now() - start <= most) return rows;
      const again = await fastest(read);
      if (again > most)
        throw new Finding(
          `${size} bytes took ${again.toFixed(0)} ms, and at most ${most.toFixed(0)} are well`,
        );
      return rows;
    },
  };
}

async function fastest(work: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TRIES; i++) {
    const start = performance.now();
    await work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}
