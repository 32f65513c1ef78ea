import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FileId } from '../../src/domain/ids.ts';
import { localSpool, type Spool } from '../../src/inbox/spool.ts';

const ONE = 'fil_1' as FileId;
const TWO = 'fil_2' as FileId;

let base: string;
let directory: string;
let spool: Spool;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'policydrop-spool-'));
  directory = join(base, 'data', 'spool');
  spool = await localSpool(directory);
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function write(file: FileId, text: string): Promise<void> {
  const upload = await spool.openUpload(file);
  await upload.write(0, Buffer.from(text));
  await upload.sync();
  await upload.close();
}

async function text(file: FileId, content: 'file' | 'report' | 'rejected' = 'file'): Promise<string> {
  const reader = await spool.open(file, content);
  try {
    return (await reader.read(0, 1000)).toString();
  } finally {
    await reader.close();
  }
}

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe('an upload', () => {
  test('is written at any offset, in pieces, cut off and read back', async () => {
    const upload = await spool.openUpload(ONE);
    await upload.write(3, Buffer.from('def'));
    await upload.write(0, Buffer.from('abc'));
    await upload.write(6, Buffer.from('g'), Buffer.from(''), Buffer.from('hi'));
    expect(await upload.currentSize()).toBe(9);
    await upload.truncate(7);
    expect(await upload.currentSize()).toBe(7);
    await upload.write(7, Buffer.from('H'));
    expect((await upload.read(0, 100)).toString()).toBe('abcdefgH');
    expect((await upload.read(2, 3)).toString()).toBe('cde');
    expect(await upload.read(8, 10)).toHaveLength(0);
    await upload.close();
    expect(await spool.size(ONE)).toBe(8);
  });

  test('goes on where it was when it is opened again', async () => {
    await write(ONE, 'first');
    const upload = await spool.openUpload(ONE);
    expect(upload.size).toBe(5);
    await upload.write(5, Buffer.from(' second'));
    await upload.close();
    expect(await text(ONE)).toBe('first second');
  });

  test('knows its size after it was closed, too', async () => {
    const upload = await spool.openUpload(ONE);
    await upload.write(0, Buffer.from('abc'));
    await upload.close();
    expect(await upload.currentSize()).toBe(3);
  });

  test('has no bytes before the first one came, and cannot be read then', async () => {
    expect(await spool.size(ONE)).toBe(0);
    await expect(spool.open(ONE, 'file')).rejects.toThrow('ENOENT');
  });

  test('is copied as a whole; the copy is independent', async () => {
    await write(ONE, 'original');
    await spool.copy(ONE, TWO);
    await write(ONE, 'ORIGINAL');
    expect(await text(TWO)).toBe('original');
  });

  test('is removed with its reports, and again without an error', async () => {
    await write(ONE, 'x');
    const report = await spool.createReport(ONE, 'report');
    await report.commit();
    await write(TWO, 'y');
    await spool.remove(ONE);
    await spool.remove(ONE);
    expect(await readdir(directory)).toEqual(['fil_2']);
  });
});

describe('a local file', () => {
  test('is taken in whole, and may be taken again after a crash', async () => {
    const path = join(base, 'tickets.csv');
    await writeFile(path, 'a longer text', { mode: 0o444 });
    expect(await spool.take(ONE, path)).toBe(13);
    await rm(path);
    await writeFile(path, 'short');
    expect(await spool.take(ONE, path)).toBe(5);
    expect(await text(ONE)).toBe('short');
    expect(await modeOf(join(directory, ONE))).toBe(0o600);
  });
});

describe('a report', () => {
  test('is invisible until it is committed, and then has its size', async () => {
    const report = await spool.createReport(ONE, 'report');
    await report.write('row,line\r\n');
    await report.write(Buffer.from('1,2 ü\r\n'));
    await expect(spool.open(ONE, 'report')).rejects.toThrow('ENOENT');
    expect(await report.commit()).toBe(18);
    expect(await text(ONE, 'report')).toBe('row,line\r\n1,2 ü\r\n');
    expect(await readdir(directory)).toEqual(['fil_1.report']);
  });

  test('keeps the order of writes that are not awaited one by one', async () => {
    const report = await spool.createReport(ONE, 'rejected');
    await Promise.all([report.write('1'.repeat(70_000)), report.write('2'), report.write('3')]);
    expect(await report.commit()).toBe(70_002);
    const reader = await spool.open(ONE, 'rejected');
    expect((await reader.read(69_999, 10)).toString()).toBe('123');
    await reader.close();
  });

  test('replaces an older one, which stays as it is until then and when the new one is discarded', async () => {
    const old = await spool.createReport(ONE, 'report');
    await old.write('an older and longer one');
    await old.commit();
    const dropped = await spool.createReport(ONE, 'report');
    await dropped.write('no');
    await dropped.discard();
    expect(await text(ONE, 'report')).toBe('an older and longer one');
    const fresh = await spool.createReport(ONE, 'report');
    await fresh.write('new');
    await fresh.commit();
    expect(await text(ONE, 'report')).toBe('new');
  });

  test('begins anew where a crash left one behind', async () => {
    const left = await spool.createReport(ONE, 'report');
    await left.write('left behind, and longer');
    const again = await spool.createReport(ONE, 'report');
    await again.write('whole');
    await again.commit();
    expect(await text(ONE, 'report')).toBe('whole');
    expect(await readdir(directory)).toEqual(['fil_1.report']);
    await expect(left.commit()).rejects.toThrow('ENOENT');
  });
});

describe('the directory', () => {
  test('and what lies in it is for this user only, also where it was open before', async () => {
    await write(ONE, 'x');
    await (await spool.createReport(ONE, 'report')).commit();
    await chmod(directory, 0o755);
    await localSpool(directory);
    expect(await modeOf(directory)).toBe(0o700);
    expect(await modeOf(join(directory, 'fil_1'))).toBe(0o600);
    expect(await modeOf(join(directory, 'fil_1.report'))).toBe(0o600);
  });

  test.each(['', 'fil_', '../fil_1', 'fil_1/../x', 'fil_1.report', 'imp_1', 'fil_1\0', 'fil_A'])(
    'has no path for the id %j',
    async (id) => {
      await expect(spool.openUpload(id as FileId)).rejects.toThrow('is no file id');
      await expect(spool.size(id as FileId)).rejects.toThrow('is no file id');
      expect(await readdir(directory)).toEqual([]);
    },
  );
});
