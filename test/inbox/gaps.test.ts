// Files of which not everything arrived, though they were closed or renamed.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AnInbox, PUT, REPUT, RESUME, SCP, yes } from './an-inbox.ts';

let inbox: AnInbox;
beforeEach(async () => {
  inbox = await AnInbox.open();
});
afterEach(() => inbox.remove());

const TICKETS = '/test/tickets.csv';
const text = (length: number) => Buffer.alloc(length, 'x');
const size = async () => yes(await inbox.drop.stat(TICKETS)).size;

describe('a file with a gap', () => {
  const gap = 'Bytes 4 to 9 of "tickets.csv" never arrived, so it is not imported: upload it again.';

  test('is not committed by CLOSE, which says where the gap is', async () => {
    const handle = await inbox.open(TICKETS);
    yes(await handle.write(10, text(5)));
    yes(await handle.write(0, text(4)));
    expect(await handle.close()).toMatchObject({ code: 'failed', message: gap });
    expect(await inbox.imports()).toEqual(['tickets.csv: incomplete']);
    await expect(inbox.take()).rejects.toThrow('nothing is due');
  });

  test('is kept up to it, so that who resumes from there makes it whole', async () => {
    const handle = await inbox.open(TICKETS);
    yes(await handle.write(0, Buffer.from('abcd')));
    yes(await handle.write(6, Buffer.from('gh')));
    await handle.abandon();
    expect(await size()).toBe(4);
    await inbox.put(TICKETS, 'efgh', REPUT);
    const claim = await inbox.take();
    expect(await inbox.spooled(claim.import.file_id)).toBe('abcdefgh');
    expect(claim.import.size).toBeGreaterThanOrEqual(claim.expected);
  });

  test('that is renamed all the same is known to be too short', async () => {
    const handle = await inbox.open(`${TICKETS}.part`);
    yes(await handle.write(10, text(5)));
    yes(await handle.write(0, text(4)));
    await handle.close();
    yes(await inbox.drop.rename(`${TICKETS}.part`, TICKETS, false));
    expect(await inbox.take()).toMatchObject({ import: { size: 4 }, expected: 15 });
  });

  test('is committed by the CLOSE that follows when another handle has filled it', async () => {
    const [one, other] = [await inbox.open(TICKETS), await inbox.open(TICKETS, SCP)];
    yes(await one.write(10, text(5)));
    yes(await other.write(0, text(4)));
    expect(await one.close()).toMatchObject({ code: 'failed', message: gap });
    yes(await other.write(4, text(6)));
    yes(await other.close());
    expect((await inbox.take()).import.size).toBe(15);
  });

  test('comes of a size that is set and never written', async () => {
    const handle = await inbox.open(TICKETS);
    yes(await handle.write(0, text(4)));
    yes(await handle.change({ size: 10 }));
    expect(await handle.close()).toMatchObject({ code: 'failed', message: gap });
    const again = await inbox.open(TICKETS);
    yes(await again.change({ size: 10 }));
    yes(await again.write(0, text(10)));
    yes(await again.close());
    expect((await inbox.take()).import.size).toBe(10);
  });

  test('is not made by SETSTAT when nobody writes the file', async () => {
    await inbox.put(TICKETS, 'abcd');
    expect(await inbox.drop.change(TICKETS, { size: 10 })).toMatchObject({ code: 'failed' });
    expect(await inbox.imports()).toEqual(['tickets.csv: settling']);
    expect(await size()).toBe(4);
  });

  test('may have many of them for a while, but not without end', async () => {
    const handle = await inbox.open(TICKETS);
    for (let n = 0; n < 1_000; n++) yes(await handle.write(2 * n, text(1)));
    expect(await handle.write(5_000, text(1))).toMatchObject({
      code: 'failed',
      message: '"tickets.csv" came in too many pieces: write it from its beginning to its end.',
    });
    for (let n = 0; n < 1_000; n++) yes(await handle.write(2 * n + 1, text(1)));
    yes(await handle.close());
    expect((await inbox.take()).import.size).toBe(2_000);
  });
});

describe('a size that the client declares when it creates a file', () => {
  const DECLARED = { ...PUT, declared: 10 };
  const expected = async () => (await inbox.take()).expected;

  test('is what the file should have, also under its later name', async () => {
    await inbox.put(`${TICKETS}.filepart`, 'abcd', DECLARED);
    yes(await inbox.drop.rename(`${TICKETS}.filepart`, TICKETS, false));
    expect(await inbox.take()).toMatchObject({ import: { size: 4 }, expected: 10 });
  });

  test('holds for a resume, too', async () => {
    const handle = await inbox.open(TICKETS, DECLARED);
    yes(await handle.write(0, text(4)));
    await handle.abandon();
    const resumed = await inbox.open(TICKETS, RESUME);
    yes(await resumed.write(4, text(2)));
    yes(await resumed.close());
    expect(await expected()).toBe(10);
  });

  test('is forgotten when the file begins anew without one', async () => {
    await inbox.put(TICKETS, 'abcd', DECLARED);
    await inbox.put(TICKETS, 'ab');
    expect(await expected()).toBe(0);
  });

  test('is forgotten when the client sets another, as scp does', async () => {
    const handle = await inbox.open(TICKETS, DECLARED);
    yes(await handle.write(0, text(7)));
    await handle.abandon();
    const again = await inbox.open(TICKETS, SCP);
    yes(await again.write(0, text(3)));
    yes(await again.change({ size: 3 }));
    yes(await again.close());
    expect(await inbox.take()).toMatchObject({ import: { size: 3 }, expected: 3 });
  });
});
