import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Extents } from '../../src/inbox/extents.ts';

const SIZE = 40;
const anyStep = fc.oneof(
  fc.record({ add: fc.tuple(fc.nat(SIZE), fc.nat(8)) }),
  fc.record({ cut: fc.nat(SIZE) }),
);

test('knows the first gap as a byte for each byte would', () => {
  const steps = fc.array(anyStep, { maxLength: 30 });
  fc.assert(
    fc.property(fc.nat(SIZE), steps, (first, taken) => {
      const extents = new Extents(first);
      const written = new Uint8Array(2 * SIZE).fill(1, 0, first);
      for (const step of taken) {
        if ('add' in step) {
          const [start, length] = step.add;
          extents.add(start, start + length);
          written.fill(1, start, start + length);
        } else {
          extents.cut(step.cut);
          written.fill(0, step.cut);
        }
        for (let size = 0; size <= 2 * SIZE; size++) {
          expect(extents.firstGap(size)).toEqual(firstGap(written.subarray(0, size)));
        }
      }
    }),
  );
});

function firstGap(written: Uint8Array) {
  const start = written.indexOf(0);
  if (start === -1) return undefined;
  const end = written.indexOf(1, start);
  return { start, end: end === -1 ? written.length : end };
}

describe('too many ranges', () => {
  const scattered = () => {
    const extents = new Extents(0);
    for (let n = 0; n < 1_000; n++) extents.add(10 * n, 10 * n + 5);
    return extents;
  };

  test('are not remembered', () => {
    expect(scattered().mayAdd(20_000)).toBe(false);
  });

  test('become fewer when what is missing comes', () => {
    const extents = scattered();
    expect(extents.mayAdd(5)).toBe(true);
    extents.add(5, 10);
    expect(extents.mayAdd(20_000)).toBe(true);
  });
});
