import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImportId } from '../../src/domain/ids.ts';
import { type Importer, startImporter } from '../../src/import/importer.ts';
import { Site } from './a-site.ts';
import { EXAMPLE, manyTickets } from './tickets.ts';

let site: Site;
let importer: Importer | undefined;
beforeEach(async () => {
  site = await Site.open();
  site.now = Date.now(); // the thread has a clock of its own
});
afterEach(async () => {
  await importer?.stop();
  importer = undefined;
  await site.close();
});

function options() {
  return { ports: () => site.store.ports(), dataDir: site.directory, grace: 0, log: site.deps.log };
}

/** Looks again and again until the import is over. */
async function finished(id: ImportId): Promise<string> {
  for (;;) {
    const { state } = await site.importOf(id);
    if (state === 'completed' || state === 'rejected') return state;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('the importer', () => {
  test('imports what is due and what becomes due, in a thread of its own', async () => {
    const before = await site.drop('before.csv', EXAMPLE);
    importer = await startImporter(options());
    expect(await finished(before)).toBe('completed');
    const after = await site.drop('after.csv', 'no header');
    importer.wake();
    expect(await finished(after)).toBe('rejected');
    const said = () => site.log.map(({ level, message }) => [level, message]); // a moment after it is done
    await expect.poll(said).toEqual([
      ['info', 'import completed'],
      ['info', 'import rejected'],
    ]);
  });

  test('imports a small file while a large one is being imported', async () => {
    const large = await site.drop('large.csv', manyTickets(20_000));
    const small = await site.drop('small.csv', EXAMPLE, 'live');
    importer = await startImporter(options());
    await finished(small);
    expect((await site.importOf(large)).state).toBe('processing');
    await finished(large);
    expect(await site.importOf(large)).toMatchObject({ state: 'completed', rows: 20_000 });
  });

  test('stops at the end of a chunk, and the next one goes on from there', async () => {
    const id = await site.drop('large.csv', manyTickets(20_000));
    importer = await startImporter(options());
    while ((await site.importOf(id)).rows === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await importer.stop();
    const { rows, state } = await site.importOf(id);
    expect(state).not.toBe('completed');
    importer = await startImporter(options());
    await finished(id);
    expect(rows).toBeLessThan(20_000);
    expect(await site.importOf(id)).toMatchObject({ rows: 20_000, created: 17_143, rejected: 2_857 });
  });

  test('starts its thread again when it dies', async () => {
    const id = await site.drop('tickets.csv', EXAMPLE);
    let starts = 0;
    const ports = () => (starts++ === 0 ? badPorts() : site.store.ports());
    importer = await startImporter({ ...options(), ports });
    expect(await finished(id)).toBe('completed');
    expect(starts).toBe(2);
    expect(site.log.map(({ message }) => message)).toContain('the import thread is started again');
  });
});

/** Ports from which comes what no store says. */
function badPorts() {
  const [writer, reader] = [new MessageChannel(), new MessageChannel()];
  writer.port1.postMessage(null);
  return { writer: writer.port2, reader: reader.port2 };
}
