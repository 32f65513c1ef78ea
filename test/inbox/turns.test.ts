import { expect, test } from 'vitest';
import { createTurns } from '../../src/inbox/turns.ts';

test('works of one key run one after another, those of another key at the same time', async () => {
  const turns = createTurns();
  const seen: string[] = [];
  const { promise: open, resolve: letGo } = Promise.withResolvers<void>();
  const first = turns('a', async () => {
    await open;
    seen.push('a1');
  });
  const second = turns('a', async () => void seen.push('a2'));
  await turns('b', async () => void seen.push('b'));
  letGo();
  await Promise.all([first, second]);
  expect(seen).toEqual(['b', 'a1', 'a2']);
});

test('a work that throws throws for its caller alone', async () => {
  const turns = createTurns();
  const first = turns('a', () => Promise.reject(new Error('broken')));
  const second = turns('a', async () => 'well');
  await expect(first).rejects.toThrow('broken');
  expect(await second).toBe('well');
});
