import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { apiKeyIn, newApiKey } from '../../src/domain/api-key.ts';

test.each(['test', 'live'] as const)('a %s key is known again by its name and its hash', (mode) => {
  const { text, proof } = newApiKey(mode, randomBytes);
  expect(text).toMatch(new RegExp(`^sk_${mode}_[0-9a-f]{80}$`));
  expect(text.startsWith(proof.name)).toBe(true);
  expect(proof).toMatchObject({ mode, name: text.slice(0, 24) });
  expect(apiKeyIn(text)).toEqual(proof);
  expect(newApiKey(mode, randomBytes).text).not.toBe(text);
});

test.each([
  '',
  'sk_test_',
  `sk_other_${'a'.repeat(80)}`,
  `sk_test_${'a'.repeat(79)}`,
  `sk_test_${'a'.repeat(80)}\n`,
])('%j is none', (text) => expect(apiKeyIn(text)).toBeUndefined());
