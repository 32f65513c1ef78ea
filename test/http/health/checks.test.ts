import { expect, test } from 'vitest';
import { failingChecks } from '../../../src/http/health/checks.ts';

test('a check that does not answer in time fails, and hides no other', async () => {
  const logged: unknown[] = [];
  const say = (_message: string, fields?: object) => void logged.push(fields);
  const never = () => new Promise<void>(() => {});
  const checks = { store: never, http: async () => {}, sftp: () => Promise.reject(new Error('closed')) };
  expect(await failingChecks(checks, { info: say, warn: say, error: say }, 50)).toEqual(['store', 'sftp']);
  expect(logged).toContainEqual({ check: 'store', error: 'Error: no answer within 50 ms' });
});

test('a check that throws at once fails like any other', async () => {
  const say = () => {};
  const checks = {
    store: () => {
      throw new Error('closed');
    },
  };
  expect(await failingChecks(checks, { info: say, warn: say, error: say })).toEqual(['store']);
});
