import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { string, uint32, uint64 } from '../../../src/sftp/protocol/wire.ts';
import { Conversation, INIT, NO_ATTRIBUTES, request, TYPE } from './a-conversation.ts';

const path = string('/test/a.csv');
const handle = string('1');
const SCRIPT = Buffer.concat([
  INIT,
  request(
    TYPE.open,
    1,
    path,
    uint32(27),
    uint32(0x8000_000f),
    Buffer.alloc(28),
    uint32(1),
    string('a'),
    string('b'),
  ),
  request(TYPE.write, 2, handle, uint64(0), string('some text')),
  request(TYPE.read, 3, handle, uint64(0), uint32(100)),
  request(TYPE.fsetstat, 4, handle, uint32(1), uint64(3)),
  request(TYPE.opendir, 5, string('/test')),
  request(TYPE.readdir, 6, string('2')),
  request(TYPE.rename, 7, path, string('/test/b.csv')),
  request(TYPE.extended, 8, string('posix-rename@openssh.com'), string('/test/b.csv'), path),
  request(TYPE.extended, 9, string('fsync@openssh.com'), handle),
  request(TYPE.setstat, 10, path, NO_ATTRIBUTES),
  request(TYPE.close, 11, handle),
  request(TYPE.remove, 12, path),
]);

const change = fc.record({
  at: fc.nat(SCRIPT.length - 1),
  how: fc.constantFrom('replace', 'insert', 'delete' as const),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
    fc.constantFrom(
      ...[0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 262_144, 262_145].map(
        (n) => new Uint8Array(uint32(n)),
      ),
    ),
  ),
});

test('a session with any bytes changed ends in order: nothing thrown, nothing left open, nothing outside its folder', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 5 }),
      fc.nat(SCRIPT.length),
      async (changes, split) => {
        const script = changes.reduce(changed, SCRIPT);
        const conversation = new Conversation();
        conversation.stream.resume();
        conversation.stream.write(script.subarray(0, split));
        conversation.stream.end(script.subarray(split));
        await conversation.over;
        const held = conversation.held.size;
        const names = readdirSync(conversation.root);
        const failures = conversation.log.lines.filter(({ level }) => level === 'error');
        await conversation.end();
        expect(names).toContain('test');
        expect(held).toBe(0);
        // The plain directory throws for names that a file system cannot have; nothing else is a failure.
        for (const { fields } of failures)
          expect(String(fields['error'])).toBe('Error: the directory failed');
      },
    ),
    { numRuns: 300 },
  );
});

function changed(script: Buffer, { at, how, bytes }: { at: number; how: string; bytes: Uint8Array }): Buffer {
  const rest = how === 'insert' ? at : at + bytes.length;
  return Buffer.concat([
    script.subarray(0, at),
    how === 'delete' ? Buffer.alloc(0) : bytes,
    script.subarray(rest),
  ]);
}
