import { mkdirSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { string, uint32, WireReader } from '../../../src/sftp/protocol/wire.ts';
import { Conversation, NO_ATTRIBUTES, type Reply, TYPE } from './a-conversation.ts';

let conversation: Conversation;
beforeEach(async () => {
  conversation = await Conversation.begin();
  writeFileSync(join(conversation.root, 'test/a.csv'), 'a');
  mkdirSync(join(conversation.root, 'live'));
});
afterEach(() => conversation.end());

const ask = (name: string, ...fields: readonly Uint8Array[]) =>
  conversation.ask(TYPE.extended, string(name), ...fields);

function numbers(reply: Reply): number[] {
  if (reply.is !== 'extended') throw new Error(JSON.stringify(reply));
  const reader = new WireReader(reply.bytes);
  return Array.from({ length: 11 }, () => reader.uint64());
}

describe('statvfs@openssh.com', () => {
  test('tells how much room there is', async () => {
    const { bsize, blocks } = statfsSync(conversation.root);
    const [blockSize, fragment, all, free, available, files, , , id, flags, longest] = numbers(
      await ask('statvfs@openssh.com', string('/test')),
    );
    expect([blockSize, fragment, all]).toEqual([bsize, bsize, blocks]);
    expect(free).toBe(available);
    expect(free).toBeLessThanOrEqual(blocks);
    expect(files).toBeGreaterThan(0);
    expect([id, flags, longest]).toEqual([0, 2, 255]);
  });

  test('of what is not there is NO_SUCH_FILE', async () => {
    expect(await ask('statvfs@openssh.com', string('/nowhere'))).toMatchObject({ code: 2 });
  });

  test('of a handle, with fstatvfs@openssh.com', async () => {
    const handle = await conversation.open('/test/a.csv', 1);
    expect(numbers(await ask('fstatvfs@openssh.com', string(handle)))).toHaveLength(11);
    expect(await ask('fstatvfs@openssh.com', string('none'))).toMatchObject({ code: 4 });
  });
});

describe('lsetstat@openssh.com', () => {
  const seconds = Date.UTC(2026, 0, 2) / 1_000;
  const time = Buffer.concat([uint32(8), uint32(seconds), uint32(seconds)]);

  test('sets the time of a file', async () => {
    expect(await ask('lsetstat@openssh.com', string('/test/a.csv'), time)).toMatchObject({ code: 0 });
    expect(await conversation.ask(TYPE.stat, string('/test/a.csv'))).toMatchObject({ mtime: seconds });
  });

  test('of what is not there is NO_SUCH_FILE', async () => {
    expect(await ask('lsetstat@openssh.com', string('/test/b.csv'), time)).toMatchObject({ code: 2 });
  });
});

describe('a home directory', () => {
  test.each([
    ['expand-path@openssh.com', '~', '/'],
    ['expand-path@openssh.com', '~/test/../live', '/live'],
    ['expand-path@openssh.com', '~partner/test', '/test'],
    ['expand-path@openssh.com', '~//../..', '/'],
    ['expand-path@openssh.com', 'test/./a.csv', '/test/a.csv'],
    ['expand-path@openssh.com', '/live', '/live'],
    ['expand-path@openssh.com', '', '/'],
    ['home-directory', '', '/'],
    ['home-directory', 'partner', '/'],
  ])('%s of "%s" is %s', async (name, asked, path) => {
    expect(await ask(name, string(asked))).toMatchObject({ names: [{ name: path }] });
  });

  test.each([
    ['expand-path@openssh.com', '~other/test'],
    ['home-directory', 'other'],
  ])('%s of "%s" is not known, whoever that is', async (name, asked) => {
    const text = 'Only your own folders are known here: leave the user name away';
    expect(await ask(name, string(asked))).toMatchObject({ code: 2, text });
  });
});

describe('an extension', () => {
  test.each(['copy-data', 'hardlink@openssh.com', 'users-groups-by-id@openssh.com', 'x'])(
    '%s is not announced and not known',
    async (name) => {
      expect(await ask(name, string('/test/a.csv'), NO_ATTRIBUTES)).toMatchObject({
        code: 8,
        text: `This server does not know ${name}`,
      });
    },
  );

  test.each([
    'posix-rename@openssh.com',
    'statvfs@openssh.com',
    'fstatvfs@openssh.com',
    'fsync@openssh.com',
    'lsetstat@openssh.com',
    'expand-path@openssh.com',
    'home-directory',
  ])('%s without its fields is BAD_MESSAGE, and the session goes on', async (name) => {
    expect(await ask(name)).toMatchObject({ code: 5 });
    expect(await conversation.ask(TYPE.stat, string('/'))).toMatchObject({ is: 'attributes' });
  });
});
