import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FileId } from '../../src/domain/ids.ts';
import { isDiskFull } from '../../src/inbox/disk-error.ts';
import { localSpool } from '../../src/inbox/spool.ts';
import { AnInbox, PUT } from './an-inbox.ts';

const MORE_THAN_ANY_DISK = 2 ** 60; // bytes
const FILE = 'fil_0123456789abcdef0123456789ab' as FileId;

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'policydrop-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

test('uploads leave the reserve of the disk free', async () => {
  const spool = await localSpool(directory, MORE_THAN_ANY_DISK);
  const upload = await spool.openUpload(FILE);
  await expect(upload.write(0, Buffer.from('x'))).rejects.toSatisfy(isDiskFull);
  await upload.close();
  writeFileSync(join(directory, 'local.csv'), 'x');
  await expect(spool.take(FILE, join(directory, 'local.csv'))).rejects.toSatisfy(isDiskFull);
});

test('the reserve is not told to partners as free', async () => {
  const none = await (await localSpool(directory, MORE_THAN_ANY_DISK)).space();
  const all = await (await localSpool(directory, 0)).space();
  expect(none).toMatchObject({ blockSize: all.blockSize, blocks: all.blocks, free: 0 });
  expect(all.free).toBeGreaterThan(0);
});

test('what is on a disk that is full otherwise can still be read', async () => {
  const upload = await (await localSpool(directory, 0)).openUpload(FILE);
  await upload.write(0, Buffer.from('x'));
  await upload.close();
  const reader = await (await localSpool(directory, MORE_THAN_ANY_DISK)).open(FILE, 'file');
  expect(await reader.read(0, 10)).toEqual(Buffer.from('x'));
  await reader.close();
});

test('the partner is told, and can remove what was begun', async () => {
  const full = await localSpool(join(directory, 'spool'), MORE_THAN_ANY_DISK);
  const one = await AnInbox.open({ spool: () => full });
  const handle = await one.drop.openWrite('/test/a.csv', PUT);
  if (!handle.ok) throw new Error(handle.message);
  const written = await handle.value.write(0, Buffer.from('x'));
  expect(written).toMatchObject({ ok: false, code: 'failed' });
  expect(written.ok ? '' : written.message).toMatch(/full/);
  expect(await handle.value.close()).toMatchObject({ ok: false });
  expect(await one.drop.remove('/test/a.csv')).toMatchObject({ ok: true });
  await one.remove();
});
