import { spawnSync } from 'node:child_process';
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

  test.each(['md5sum', 'sha1sum'])('has the %s of what was sent made by the server', async (program) => {
    const { stdout } = spawnSync(program, ['checked.csv'], { cwd: sent, encoding: 'utf8' });
    const [sum] = stdout.split(' ');
    const made = () => rclone(busy.login, program, 'remote:/imports_processed').ended;
    await expect
      .poll(made, { timeout: 10_000, interval: 500 })
      .toEqual({ status: 0, output: `${sum}  checked.csv\n` });
  });

  test('copies by checksum, and nothing twice', async () => {
    busy.tickets('sent/by-sum.csv', 2, 'by-sum');
    const copy = () => rclone(busy.login, 'copy', '--checksum', '-vv', sent, 'remote:/test');
    const { status, output } = await copy().ended;
    expect(status).toBe(0);
    expect(output).toMatch(/by-sum\.csv: md5 = [0-9a-f]{32} OK/); // it looks back after the upload
    const again = await copy().ended;
    expect(again.status).toBe(0);
    expect(again.output).toMatch(/There was nothing to transfer|by-sum\.csv: Unchanged skipping/);
    expect(await busy.theImport('by-sum.csv', 'completed')).toMatchObject({ created: 2 });
  });

  test('tells where another file was sent', async () => {
    writeFileSync(join(sent, 'checked.csv'), 'another\n');
    expect(await check()).toMatchObject({
      status: 1,
      output: expect.stringContaining('1 differences found'),
    });
  });
});
