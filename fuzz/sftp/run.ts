import { readdirSync } from 'node:fs';
import { Finding } from '../finding.ts';
import { heapAfterCollection, mib } from '../heap.ts';
import { packetCase } from './packet-case.ts';
import { sequenceCase } from './sequence-case.ts';
import { Site } from './site.ts';

const CASES_OF_A_SITE = 200; // then a new one, so that the disk does not fill, and memory is looked at
const WARM_UP = 3; // sites after which neither memory nor descriptors may grow
const MAX_GROWTH = 32 * 1024 * 1024; // bytes of heap after a collection
const TELL_EVERY = 5_000; // ms

/** An even seed is a case of packets, an odd one a case of sequences. */
const KINDS = [packetCase, sequenceCase] as const;
export type Kind = 'packets' | 'sequences';

type Options = {
  readonly seed: number;
  /** One kind alone. */
  readonly only?: Kind;
  /** Enough is enough. */
  readonly until: (packets: number, ms: number) => boolean;
  readonly say: (line: string) => void;
};

export type Outcome = { readonly packets: number; readonly finding: string | undefined };

/** Runs case after case until there is enough, or one finds something. */
export async function fuzzSftp({ seed: first, only, until, say }: Options): Promise<Outcome> {
  const start = performance.now();
  const growth = watchGrowth(say);
  let site = await Site.open();
  let packets = 0;
  let told = start;
  let seed = only === undefined || first % 2 === ['packets', 'sequences'].indexOf(only) ? first : first + 1;
  try {
    for (let cases = 1; !until(packets, performance.now() - start); cases++) {
      packets += await KINDS[seed % 2 === 0 ? 0 : 1](site, seed);
      seed += only === undefined ? 1 : 2;
      if (performance.now() - told > TELL_EVERY) {
        told = performance.now();
        say(progress(packets, told - start, seed));
      }
      if (cases % CASES_OF_A_SITE > 0) continue;
      await site.close();
      growth.check();
      site = await Site.open();
    }
    say(progress(packets, performance.now() - start, seed));
    return { packets, finding: undefined };
  } catch (error) {
    const what = error instanceof Finding ? error.message : (error as Error).stack;
    return { packets, finding: `${what}\nagain: npm run fuzz -- sftp 1 --seed ${seed}` };
  } finally {
    await site.close();
  }
}

function progress(packets: number, ms: number, seed: number): string {
  const { heapUsed, rss } = process.memoryUsage();
  const rate = Math.round(packets / (ms / 1000));
  return `${packets} packets, ${rate}/s, next seed ${seed}, heap ${mib(heapUsed)}, resident ${mib(rss)}`;
}

/** Neither memory nor descriptors may grow from one site to the next. */
function watchGrowth(say: (line: string) => void): { check(): void } {
  const seen: { heap: number; descriptors: number }[] = [];
  return {
    check() {
      const directories = seen.length; // that spools keep open as long as the process lives
      const now = { heap: heapAfterCollection(), descriptors: openDescriptors() - directories };
      seen.push(now);
      const base = seen[WARM_UP - 1];
      if (!base) return;
      say(
        `heap after a collection ${mib(now.heap)} (at first ${mib(base.heap)}), ${now.descriptors} descriptors`,
      );
      if (now.heap > base.heap + MAX_GROWTH)
        throw new Finding(`the heap has grown by ${mib(now.heap - base.heap)}`);
      if (now.descriptors > base.descriptors + WARM_UP) throw new Finding('descriptors have stayed open');
    },
  };
}

/** 0 where the system does not tell. */
function openDescriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}
