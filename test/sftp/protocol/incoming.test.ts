import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { Incoming } from '../../../src/sftp/protocol/incoming.ts';
import { string, uint32, uint64 } from '../../../src/sftp/protocol/wire.ts';
import { Conversation, request, TYPE } from './a-conversation.ts';

const write = (id: number, handle: string, offset: number, text: string) =>
  request(TYPE.write, id, string(handle), uint64(offset), string(text));
const read = (id: number, handle: string, offset: number, length: number) =>
  request(TYPE.read, id, string(handle), uint64(offset), uint32(length));
const stat = (id: number) => request(TYPE.stat, id, string('/'));

/** What a client asks that has sent all of this at once. */
async function asked(...packets: readonly Buffer[]): Promise<unknown[]> {
  const stream = new PassThrough({ highWaterMark: 8_000_000 });
  stream.end(Buffer.concat(packets));
  const incoming = new Incoming(stream, 2, () => {});
  const requests: unknown[] = [];
  for (let one = await incoming.next(); one; one = await incoming.next()) {
    const data = one.type === 'write' ? Buffer.concat(one.data).toString() : undefined;
    if (one.type === 'write') requests.push([one.id, ...one.more, one.offset, data]);
    else requests.push(one.type === 'read' ? [one.id, ...one.more, one.offset, one.lengths] : one.type);
  }
  return requests;
}

describe('WRITEs that have arrived', () => {
  test('and go on where the last one ended are one request', async () => {
    expect(
      await asked(write(1, 'a', 5, 'one'), write(2, 'a', 8, ''), write(3, 'a', 8, 'two'), stat(4)),
    ).toEqual([[1, 2, 3, 5, 'onetwo'], 'stat']);
  });

  test.each([
    ['leave a gap', write(2, 'a', 9, 'two'), [2, 9, 'two']],
    ['go back', write(2, 'a', 5, 'two'), [2, 5, 'two']],
    ['are for another handle', write(2, 'b', 8, 'two'), [2, 8, 'two']],
  ])('and %s stand alone', async (_how, second, shown) => {
    expect(await asked(write(1, 'a', 5, 'one'), second)).toEqual([[1, 5, 'one'], shown]);
  });

  test('are a megabyte and one WRITE at most', async () => {
    const piece = 'x'.repeat(250_000);
    const writes = Array.from({ length: 7 }, (_, n) => write(n, 'a', n * piece.length, piece));
    const requests = (await asked(...writes)) as unknown[][];
    expect(requests.map((one) => one.slice(0, -2))).toEqual([
      [0, 1, 2, 3, 4],
      [5, 6],
    ]);
  });

  test('are 64 at most', async () => {
    const requests = (await asked(
      ...Array.from({ length: 65 }, (_, n) => write(n, 'a', 0, '')),
    )) as unknown[][];
    expect(requests.map((one) => one.length - 2)).toEqual([64, 1]);
  });

  test.each([
    ['a packet of no bytes', uint32(0)],
    ['one without an id', Buffer.concat([uint32(1), Buffer.of(TYPE.write)])],
  ])('are asked for before %s ends the session', async (_what, broken) => {
    const stream = new PassThrough();
    stream.end(Buffer.concat([write(1, 'a', 0, 'one'), broken]));
    const incoming = new Incoming(stream, 2, () => {});
    expect(await incoming.next()).toMatchObject({ id: 1, type: 'write' });
    await expect(incoming.next()).rejects.toThrow('packet');
  });
});

describe('READs that have arrived', () => {
  test('and go on where the last one ended are one request', async () => {
    expect(await asked(read(1, 'a', 5, 3), read(2, 'a', 8, 0), read(3, 'a', 8, 9), stat(4))).toEqual([
      [1, 2, 3, 5, [3, 0, 9]],
      'stat',
    ]);
  });

  test.each([
    ['leave a gap', read(2, 'a', 9, 3), [2, 9, [3]]],
    ['are for another handle', read(2, 'b', 8, 3), [2, 8, [3]]],
    ['are WRITEs', write(2, 'a', 8, 'two'), [2, 8, 'two']],
  ])('and %s stand alone', async (_how, second, shown) => {
    expect(await asked(read(1, 'a', 5, 3), second)).toEqual([[1, 5, [3]], shown]);
  });

  test('are two of the longest at most, and no longer than these', async () => {
    const long = 1_000_000;
    const most = 261_120;
    expect(await asked(...[0, 1, 2].map((n) => read(n, 'a', n * most, most)))).toEqual([
      [0, 1, 0, [most, most]],
      [2, 2 * most, [most]],
    ]);
    expect(await asked(...[0, 1].map((n) => read(n, 'a', n * long, long)))).toEqual([
      [0, 0, [most]],
      [1, long, [most]],
    ]);
  });
});

test('requests are the same wherever they are cut, and bytes are spent once all that was in them is done', async () => {
  const anyRequest = fc.oneof(
    fc.constant('stat' as const),
    fc.record({ at: fc.nat(20), text: fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 60 }) }),
  );
  const anyCuts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.array(anyRequest, { maxLength: 8 }), anyCuts, async (requests, cuts) => {
      const packets = requests.map((one, id) =>
        one === 'stat' ? stat(id) : write(id, 'a', one.at, one.text),
      );
      const all = Buffer.concat(packets);
      const stream = new PassThrough({ highWaterMark: 100_000 });
      for (let at = 0, n = 0; at < all.length; n++) {
        const chunk = Buffer.from(all.subarray(at, at + (cuts[n % cuts.length] ?? 1)));
        stream.write(chunk);
        at += chunk.length;
      }
      stream.end();
      let spent = 0;
      const incoming = new Incoming(stream, 2, (bytes) => {
        spent += bytes.length;
        bytes.fill(0xee);
      });
      const seen: unknown[] = [];
      for (let one = await incoming.next(); one; one = await incoming.next()) {
        if (one.type !== 'write') seen.push('stat');
        else seen.push(Buffer.concat(one.data).toString());
        incoming.done();
      }
      const texts = requests.map((one) => (one === 'stat' ? one : one.text));
      expect(seen.join('')).toBe(texts.join(''));
      expect(spent).toBe(all.length);
    }),
  );
});

describe('on a session', () => {
  let conversation: Conversation;
  afterEach(() => conversation.end());

  test('any WRITEs, sent at once, are all answered in order, and leave what each alone would', async () => {
    const anyWrite = fc.record({
      on: fc.nat(1),
      gap: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: -5, max: 5 })),
      text: fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyWrite, { maxLength: 20 }), async (writes) => {
        conversation = await Conversation.begin();
        const names = ['/test/0.csv', '/test/1.csv'];
        const handles = [
          await conversation.open('/test/0.csv', 26),
          await conversation.open('/test/1.csv', 26),
        ];
        const files = [Buffer.alloc(0), Buffer.alloc(0)];
        let at = 0;
        const packets = writes.map(({ on, gap, text }, id) => {
          const offset = Math.max(0, at + gap);
          at = offset + text.length;
          const before = files[on] ?? Buffer.alloc(0);
          const size = text === '' ? before.length : Math.max(before.length, at);
          const after = Buffer.concat([before, Buffer.alloc(size - before.length)]);
          after.set(Buffer.from(text), Math.min(offset, size));
          files[on] = after;
          return request(TYPE.write, id, string(handles[on] ?? ''), uint64(offset), string(text));
        });
        conversation.stream.write(Buffer.concat(packets));
        for (const id of writes.keys()) {
          expect(await conversation.reply()).toMatchObject({ is: 'status', id, code: 0 });
        }
        for (const [n, name] of names.entries()) {
          expect(readFileSync(join(conversation.root, name))).toEqual(files[n]);
        }
        await conversation.end();
      }),
      { numRuns: 50 },
    );
  });

  test('a failure is the answer to each of them', async () => {
    conversation = await Conversation.begin();
    const writes = [1, 2, 3].map((id) => write(id, 'none', id, 'x'));
    conversation.stream.write(Buffer.concat(writes));
    for (const id of [1, 2, 3]) expect(await conversation.reply()).toMatchObject({ id, code: 4 });
  });
});
