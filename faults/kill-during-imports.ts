import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, Site } from '../test/journey/a-server.ts';
import { writeTickets } from '../test/journey/many-tickets.ts';
import { brokenInvariants } from './invariants.ts';

const LONGEST_LIFE = 2000; // ms from "ready" to the kill: a slow machine decides no row in the first

type ImportRecord = {
  id: string;
  state: string;
  rows: number;
  created: number;
  duplicates: number;
  rejected: number;
};
type Options = { kills: number; rows: number; random: () => number; say: (line: string) => void };

/**
 * Drops files of `rows` rows over SFTP and kills the server (-9) `kills` times at random moments while it imports,
 * starting it again each time; then every invariant must hold. A file that is done before all kills are spent is
 * followed by a fresh one. Throws when an invariant is broken.
 */
export async function killDuringImports({ kills, rows, random, say }: Options): Promise<void> {
  const site = new Site();
  try {
    site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
    let files = 0;
    for (let kill = 1; kill <= kills; ) {
      const name = `tickets-${++files}.csv`;
      const server = await site.start();
      const path = join(site.directory, name);
      writeTickets(path, rows, name);
      if (site.sftp(`put ${path} test/`).status !== 0) throw new Error('the upload failed');
      await server.stop('SIGTERM');
      for (; kill <= kills && !(await isDone(site)); kill++) {
        const life = Math.round(random() * LONGEST_LIFE);
        const running = await site.start();
        await sleep(life);
        await running.stop('SIGKILL');
        assertInvariants(site);
        const [one] = site.cli<ImportRecord>('imports', 'list');
        say(`kill ${kill} of ${kills}, ${life} ms after the start: ${one?.state}, ${one?.rows} rows decided`);
      }
    }
    await site.start();
    await eventually(() => isDone(site), 600_000);
    for (const one of site.cli<ImportRecord>('imports', 'list')) {
      if (one.rows !== rows || one.created !== rows) throw new Error(`wrong counts: ${JSON.stringify(one)}`);
    }
    assertInvariants(site);
    say(`${files} files of ${rows} rows, ${kills} kills: every invariant holds`);
  } finally {
    await site.remove();
  }
}

async function isDone(site: Site): Promise<boolean> {
  return site.cli<ImportRecord>('imports', 'list').every((one) => one.state === 'completed');
}

function assertInvariants(site: Site): void {
  const broken = brokenInvariants(site.data);
  if (broken.length > 0) throw new Error(`broken invariants:\n${broken.join('\n')}`);
}
