import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { brokenInvariants } from '../../faults/invariants.ts';
import { eventually, Site } from './a-server.ts';
import { writeTickets } from './many-tickets.ts';

const ROWS = 20_000;
const SHIPPED = new URL('../../products/ticketplan-ticket-refund.yaml', import.meta.url);

test('an import that is killed ends under the version with which it began, though another was published', async () => {
  const site = new Site();
  try {
    site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
    const first = await site.start();
    const many = join(site.directory, 'many.csv');
    writeTickets(many, ROWS);
    expect(site.sftp(`put ${many} test/many.csv`).status).toBe(0);
    expect(await site.stopMidway()).toBeLessThan(ROWS);
    await first.stop('SIGKILL');
    const dearer = readFileSync(SHIPPED, 'utf8').replaceAll(/net: (\d+)/g, 'net: 1$1');
    site.cli('product', 'publish', site.file('dearer.yaml', dearer));
    await site.start();
    await eventually(() => site.cli('imports', 'list')[0]?.['state'] === 'completed', 120_000);
    const few = join(site.directory, 'few.csv');
    writeTickets(few, 3, 'later');
    expect(site.sftp(`put ${few} test/few.csv`).status).toBe(0);
    await eventually(() => site.cli('imports', 'list').every((one) => one['state'] === 'completed'));
    expect(policiesByVersion(site.data)).toEqual([
      { version: 1, policies: ROWS },
      { version: 2, policies: 3 },
    ]);
    expect(brokenInvariants(site.data)).toEqual([]);
  } finally {
    await site.remove();
  }
}, 300_000);

function policiesByVersion(data: string): object[] {
  const db = new DatabaseSync(join(data, 'policydrop.db'), { readOnly: true });
  const rows = db
    .prepare(
      `SELECT version, count(*) AS policies FROM policy JOIN shape ON shape.id = policy.shape
       JOIN product_version ON product_version.id = shape.product_version GROUP BY version ORDER BY version`,
    )
    .all();
  db.close();
  return rows.map((row) => ({ ...row }));
}
