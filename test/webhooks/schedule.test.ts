import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextAttempt, RETRY_AFTER } from '../../src/webhooks/schedule.ts';

const NONE = { overloaded: false, retryAfter: undefined };
const middle = () => 0.5;
const waitOf = (attempt: number, hint = NONE as Parameters<typeof nextAttempt>[1], random = middle) =>
  nextAttempt(attempt, hint, 0, random);

describe('the next attempt', () => {
  test('comes ten times in all, over 75 hours and 35 minutes', () => {
    expect(RETRY_AFTER).toHaveLength(9);
    const minutes = RETRY_AFTER.reduce((sum, wait) => sum + wait, 0) / 60_000;
    expect(Math.floor(minutes)).toBe(75 * 60 + 35);
    expect(waitOf(9)).toBe(24 * 3_600_000);
    expect(waitOf(10)).toBeUndefined();
  });

  test('is spread by a fifth to both sides', () => {
    expect(waitOf(2, NONE, () => 0)).toBe(240_000);
    expect(waitOf(2, NONE, () => 1)).toBe(360_000);
  });

  test('counts from now', () => {
    expect(nextAttempt(1, NONE, 1_000_000, middle)).toBe(1_005_000);
  });

  test('waits a minute at least for a receiver that is overloaded', () => {
    expect(waitOf(1, { ...NONE, overloaded: true })).toBe(60_000);
    expect(waitOf(3, { ...NONE, overloaded: true })).toBe(1_800_000);
  });

  test('is as late as the receiver asks, up to twice the plan', () => {
    expect(waitOf(2, { overloaded: true, retryAfter: 400_000 })).toBe(400_000);
    expect(waitOf(2, { overloaded: true, retryAfter: 10_000_000 })).toBe(600_000);
    expect(waitOf(2, { overloaded: true, retryAfter: 1 })).toBe(300_000);
    expect(waitOf(1, { overloaded: true, retryAfter: 90_000 })).toBe(90_000);
  });

  test('is never before the plan nor after 2.4 times of it, whatever is asked and drawn', () => {
    const any = fc.record({
      overloaded: fc.constant(false),
      retryAfter: fc.option(fc.double({ noNaN: true }), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        any,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, hint, drawn) => {
          const base = RETRY_AFTER[attempt - 1] ?? 0;
          const at = waitOf(attempt, hint, () => drawn) ?? Number.NaN;
          expect(at).toBeGreaterThanOrEqual(base * 0.8 - 1);
          expect(at).toBeLessThanOrEqual(base * 2.4 + 1);
        },
      ),
    );
  });
});
