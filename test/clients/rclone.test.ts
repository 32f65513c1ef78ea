import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BusySite } from './a-busy-site.ts';
import { rclone, rcloneClient } from './rclone.ts';

const found = rcloneClient.found();
if ('missing' in found) console.warn(`Not run: rclone check, as ${found.missing}.`);

describe.skipIf('missing' in found)('rclone check', () => {
  const busy = new BusySite();
  const sent = join(busy.site.directory, 'sent');
  const check = () => rclone(busy.login, 'check', '--one-way', sent, 'remote:/imports_processed').ended;

  beforeAll(async () => {
    await busy.start();
    mkdirSync(sent);
    busy.tickets('sent/checked.csv', 2, 'checked');
    const { status, output } = await rclone(busy.login, 'copy', sent, 'remote:/test').ended;
    expect([status, output]).toEqual([0, '']);
    await busy.theImport('checked.csv', 'completed');
  });

  afterAll(() => busy.remove());

  test('finds what was sent in imports_processed', async () => {
    await expect.poll(check, { timeout: 10_000, interval: 500 }).toMatchObject({ status: 0 });
  });

  test('tells where another file was sent', async () => {
    writeFileSync(join(sent, 'checked.csv'), 'another\n');
    expect(await check()).toMatchObject({
      status: 1,
      output: expect.stringContaining('1 differences found'),
    });
  });
});
