import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Pieces } from '../../../src/sftp/protocol/pieces.ts';

const anyPieces = fc.array(fc.uint8Array({ maxLength: 9 }).map(Buffer.from), { maxLength: 9 });

test('however bytes come and are taken, they are the same in the same order', () => {
  fc.assert(
    fc.property(anyPieces, fc.array(fc.integer({ min: 1, max: 12 })), (come, lengths) => {
      const pieces = new Pieces(() => {});
      for (const piece of come) pieces.add(piece);
      const taken = lengths.flatMap((length) => pieces.take(length) ?? []);
      const all = Buffer.concat(come);
      const seen = Buffer.concat(taken);
      expect(seen).toEqual(all.subarray(0, seen.length));
      expect(pieces.length).toBe(all.length - seen.length);
      expect(taken.every(({ buffer }) => come.some((piece) => piece.buffer === buffer))).toBe(true);
    }),
  );
});

test('more than there is cannot be taken', () => {
  const pieces = new Pieces(() => {});
  pieces.add(Buffer.from('abc'));
  expect(pieces.take(4)).toBeUndefined();
  expect(String(pieces.take(3))).toBe('abc');
});

test('a piece is spent when the last of its bytes is done with, and whole', () => {
  const spent: string[] = [];
  const pieces = new Pieces((piece) => spent.push(String(piece)));
  for (const piece of ['abc', 'def', 'ghi']) pieces.add(Buffer.from(piece));
  pieces.take(4);
  expect(spent).toEqual([]);
  pieces.done();
  expect(spent).toEqual(['abc']);
  pieces.take(5);
  pieces.done();
  expect(spent).toEqual(['abc', 'def', 'ghi']);
});
