import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PER_ENDPOINT } from '../src/webhooks/sender.ts';
import { eventually, Site } from '../test/journey/a-server.ts';
import { writeTickets } from '../test/journey/many-tickets.ts';

const LONGEST_LIFE = 1_500; // ms from "ready" to the kill
const PATIENCE = 900_000; // ms for all to arrive

type Options = { kills: number; rows: number; random: () => number; say: (line: string) => void };

/**
 * Drops a file of `rows` rows and kills the server (-9) `kills` times at random moments while it sends their events to a
 * receiver, starting it again each time. Throws unless every event arrives, and no more of them twice than were in flight.
 */
export async function killDuringDeliveries({ kills, rows, random, say }: Options): Promise<void> {
  const site = new Site();
  const arrivals = new Map<string, number>();
  const receiver = await listen(arrivals);
  try {
    site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
    const { port } = receiver.address() as AddressInfo;
    site.cli('webhook', 'add', 'partner', `http://127.0.0.1:${port}/`, '--event', 'policy.created');
    const path = `${site.directory}/tickets.csv`;
    writeTickets(path, rows);
    await site.start();
    if (site.sftp(`put ${path} test/`).status !== 0) throw new Error('the upload failed');
    for (let kill = 1; kill <= kills; kill++) {
      const before = arrivals.size;
      await eventually(() => arrivals.size > before || arrivals.size === rows, PATIENCE);
      const life = Math.round(random() * LONGEST_LIFE);
      await sleep(life);
      await site.server?.stop('SIGKILL');
      say(
        `kill ${kill} of ${kills}, ${life} ms after the first delivery: ${arrivals.size} of ${rows} have arrived`,
      );
      await site.start();
    }
    await eventually(() => arrivals.size === rows, PATIENCE);
    const twice = [...arrivals.values()].reduce((sum, times) => sum + times - 1, 0);
    if (twice > kills * PER_ENDPOINT) throw new Error(`${twice} deliveries were repeated`);
    say(
      `${rows} events have arrived, ${kills} kills; ${twice} were repeated, of ${kills * PER_ENDPOINT} that may have been in flight`,
    );
  } finally {
    await site.remove();
    receiver.closeAllConnections();
    receiver.close();
  }
}

/** Counts how often each event arrives. */
async function listen(arrivals: Map<string, number>): Promise<Server> {
  const server = createServer((request, response) => {
    const id = String(request.headers['webhook-id']);
    request.resume().on('end', () => {
      arrivals.set(id, (arrivals.get(id) ?? 0) + 1);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
