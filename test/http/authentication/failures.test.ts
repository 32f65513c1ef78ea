import { expect, test } from 'vitest';
import { createFailures } from '../../../src/http/authentication/failures.ts';

test('a source that has used up its failures waits for the next one, and no other does', () => {
  let now = 0;
  const failures = createFailures(6, () => now);
  for (let i = 0; i < 6; i++) {
    expect(failures.wait('2001:db8::1')).toBe(0);
    failures.count('2001:db8::1');
  }
  expect(failures.wait('2001:db8::1')).toBe(10);
  expect(failures.wait('2001:db8::ffff'), 'the same /64').toBe(10);
  expect(failures.wait('2001:db8:0:1::1')).toBe(0);
  now = 9_500;
  expect(failures.wait('2001:db8::1')).toBe(1);
  now = 10_000;
  expect(failures.wait('2001:db8::1')).toBe(0);
  failures.count('2001:db8::1');
  expect(failures.wait('2001:db8::1')).toBe(10);
});

test('what was failed is forgotten in a minute', () => {
  let now = 0;
  const failures = createFailures(2, () => now);
  failures.count('192.0.2.1');
  failures.count('192.0.2.1');
  now = 60_000;
  failures.count('192.0.2.1');
  expect(failures.wait('192.0.2.1')).toBe(0);
});
