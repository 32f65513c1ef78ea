import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { packet, string, uint32, uint64, WireReader } from '../../../src/sftp/protocol/wire.ts';
import { Conversation, INIT, NO_ATTRIBUTES, parseReply, request, TYPE } from './a-conversation.ts';

let conversation: Conversation;

afterEach(() => conversation.end());

describe('the greeting', () => {
  test.each([0, 3, 6, 0xffff_ffff])(
    'answers a client of version %i with version 3 and what works',
    async (version) => {
      conversation = new Conversation();
      conversation.stream.write(packet(TYPE.init, uint32(version)));
      const reader = new WireReader((await conversation.packet()) ?? Buffer.alloc(0));
      expect([reader.byte(), reader.uint32()]).toEqual([2, 3]);
      const extensions = Array.from({ length: 8 }, () => [reader.text(), reader.text()]);
      expect(extensions).toEqual([
        ['posix-rename@openssh.com', '1'],
        ['statvfs@openssh.com', '2'],
        ['fstatvfs@openssh.com', '2'],
        ['fsync@openssh.com', '1'],
        ['lsetstat@openssh.com', '1'],
        ['limits@openssh.com', '1'],
        ['expand-path@openssh.com', '1'],
        ['home-directory', '1'],
      ]);
      expect(() => reader.byte()).toThrow();
    },
  );

  test.each([
    ['a request', request(TYPE.stat, 1, string('/'))],
    ['an INIT without version', packet(TYPE.init)],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ])('must come before %s, or the session ends', async (_name, bytes) => {
    conversation = new Conversation();
    conversation.stream.write(bytes);
    expect(await conversation.packet()).toBeUndefined();
    await conversation.over;
    expect(conversation.log.lines).toMatchObject([
      { level: 'warn', message: 'an SFTP client broke the protocol' },
    ]);
  });
});

describe('a packet', () => {
  test.each([
    ['of no bytes', uint32(0)],
    ['longer than announced', uint32(262_145)],
    ['of 4 GiB', uint32(0xffff_ffff)],
    ['too short for an id', packet(TYPE.stat, Buffer.alloc(3))],
  ])('%s ends the session', async (_name, bytes) => {
    conversation = await Conversation.begin();
    conversation.stream.write(bytes);
    expect(await conversation.packet()).toBeUndefined();
    await conversation.over;
    expect(conversation.log.lines).toMatchObject([{ message: 'an SFTP client broke the protocol' }]);
  });

  test.each([
    ['without its path', request(TYPE.stat, 7)],
    ['whose path is longer than itself', request(TYPE.stat, 7, uint32(100), Buffer.from('x'))],
    ['whose path is not UTF-8', request(TYPE.stat, 7, string(Buffer.from([0x2f, 0xff])))],
    ['whose path has a NUL', request(TYPE.stat, 7, string('/test\0/a'))],
    ['whose path is far too long', request(TYPE.realpath, 7, string('x'.repeat(5000)))],
    ['with an offset beyond all files', request(TYPE.read, 7, string('1'), Buffer.alloc(8, 0xff), uint32(1))],
    ['whose attributes are cut off', request(TYPE.setstat, 7, string('/test'), uint32(1))],
    [
      'with endless extended attributes',
      request(TYPE.setstat, 7, string('/'), uint32(0x8000_0000), uint32(2 ** 32 - 1)),
    ],
    ['with an extension without name', request(TYPE.extended, 7)],
  ])('%s is answered BAD_MESSAGE, and the session goes on', async (_name, bytes) => {
    conversation = await Conversation.begin();
    conversation.stream.write(bytes);
    expect(await conversation.reply()).toMatchObject({ is: 'status', id: 7, code: 5 });
    expect(await conversation.ask(TYPE.stat, string('/'))).toMatchObject({ is: 'attributes' });
  });

  test('may be as long as announced', async () => {
    conversation = await Conversation.begin();
    const handle = await conversation.open('/test/a.csv', 26);
    const fields = 1 + 4 + 4 + handle.length + 8 + 4;
    const written = await conversation.write(handle, 0, Buffer.alloc(262_144 - fields));
    expect(written).toMatchObject({ code: 0 });
  });

  test('may be split anywhere', async () => {
    const opening = request(TYPE.open, 1, string('/test/a.csv'), uint32(27), NO_ATTRIBUTES);
    const whole = Buffer.concat([
      INIT,
      opening,
      request(TYPE.write, 2, string('1'), uint64(0), string('text')),
      request(TYPE.fstat, 3, string('1')),
      request(TYPE.read, 4, string('1'), uint64(0), uint32(10)),
      request(TYPE.close, 5, string('1')),
    ]);
    let unsplit: string[] | undefined;
    for (let at = 0; at < whole.length; at++) {
      conversation = new Conversation();
      conversation.stream.write(whole.subarray(0, at));
      await new Promise((resolve) => setImmediate(resolve));
      conversation.stream.write(whole.subarray(at));
      await conversation.packet();
      const replies: string[] = [];
      for (let id = 1; id <= 5; id++) {
        const { is } = await conversation.reply();
        replies.push(is);
      }
      unsplit ??= replies;
      expect(replies).toEqual(unsplit);
      await conversation.end();
    }
    expect(unsplit).toEqual(['handle', 'status', 'attributes', 'data', 'status']);
  });

  test('may come byte by byte, or all at once', async () => {
    conversation = new Conversation();
    for (const byte of INIT) conversation.stream.write(Buffer.of(byte));
    await conversation.packet();
    const asked = Array.from({ length: 50 }, (_, index) =>
      request(TYPE.realpath, index, string(`/${index}`)),
    );
    conversation.stream.write(Buffer.concat(asked));
    for (let id = 0; id < 50; id++) {
      expect(await conversation.reply()).toMatchObject({ id, names: [{ name: `/${id}` }] });
    }
  });
});

test('each request sees what those before it did, and nothing of those after it', async () => {
  conversation = await Conversation.begin();
  const handle = string(await conversation.open('/test/a.csv', 27));
  const read = (id: number) => request(TYPE.read, id, handle, uint64(0), uint32(10));
  const write = (id: number, text: string) => request(TYPE.write, id, handle, uint64(0), string(text));
  const asked = [write(1, 'a'), read(2), read(3), write(4, 'bc'), read(5), write(6, 'def'), read(7), read(8)];
  conversation.stream.write(Buffer.concat([...asked, request(TYPE.close, 9, handle)]));
  const replies: unknown[] = [];
  for (let id = 1; id <= 9; id++) {
    const reply = await conversation.reply();
    replies.push([reply.id, reply.is === 'data' ? reply.bytes.toString() : reply.is]);
  }
  const texts = ['status', 'a', 'a', 'status', 'bc', 'status', 'def', 'def', 'status'];
  expect(replies).toEqual(texts.map((text, index) => [index + 1, text]));
});

describe('READs that are sent at once', () => {
  test.each([
    ['follow each other', [4, 4, 4]],
    ['go beyond the end', [6, 6, 6, 6]],
    ['begin at the end', [10, 3, 3]],
    ['ask for nothing in between', [3, 0, 3]],
    ['are too long to be done at once', [261_120, 261_120, 261_120, 261_120, 261_120]],
  ])('get what each would get alone, when they %s', async (_how, lengths) => {
    conversation = await Conversation.begin();
    const bytes = Buffer.from(lengths[0] === 261_120 ? 'ten bytes!'.repeat(100_000) : 'ten bytes!');
    writeFileSync(join(conversation.root, 'test/a.csv'), bytes);
    const handle = string(await conversation.open('/test/a.csv', 1));
    const offsets = lengths.map((_, id) => lengths.slice(0, id).reduce((sum, length) => sum + length, 0));
    const asked = lengths.map((length, id) =>
      request(TYPE.read, id, handle, uint64(offsets[id] ?? 0), uint32(length)),
    );
    conversation.stream.write(Buffer.concat(asked));
    for (const [id, length] of lengths.entries()) {
      const offset = offsets[id] ?? 0;
      const got = bytes.subarray(offset, offset + length);
      const alone = length > 0 && got.length === 0 ? { is: 'status', code: 1 } : { is: 'data', bytes: got };
      expect(await conversation.reply()).toMatchObject({ id, ...alone });
    }
  });

  test.each([
    ['that is not open', async () => string('7')],
    ['that is only for writing', async () => string(await conversation.open('/test/a.csv', 26))],
  ])('are each refused, of a handle %s', async (_what, of) => {
    conversation = await Conversation.begin();
    const handle = await of();
    const asked = [0, 5, 10].map((at, id) => request(TYPE.read, id, handle, uint64(at), uint32(5)));
    conversation.stream.write(Buffer.concat(asked));
    for (const id of [0, 1, 2])
      expect(await conversation.reply()).toMatchObject({ id, is: 'status', code: 4 });
  });
});

describe('the end of a session', () => {
  test('abandons what was being written, and closes what was being read', async () => {
    conversation = await Conversation.begin();
    writeFileSync(join(conversation.root, 'test/b.csv'), 'b');
    const handle = await conversation.open('/test/a.csv', 26);
    await conversation.write(handle, 0, 'half of');
    await conversation.open('/test/b.csv', 1);
    conversation.stream.end();
    await conversation.over;
    expect(conversation.journal.toSorted()).toEqual(['abandoned /test/a.csv', 'closed /test/b.csv']);
  });

  test('in the middle of a packet does not do what it might have become', async () => {
    conversation = await Conversation.begin();
    const handle = await conversation.open('/test/a.csv', 26);
    conversation.stream.end(request(TYPE.close, 9, string(handle)).subarray(0, -1));
    await conversation.over;
    expect(conversation.journal).toEqual(['abandoned /test/a.csv']);
  });

  test('still does what arrived before it: CLOSE commits though nobody waits for the answer', async () => {
    conversation = await Conversation.begin();
    const handle = await conversation.open('/test/a.csv', 26);
    conversation.stream.write(request(TYPE.write, 8, string(handle), uint64(0), string('whole')));
    conversation.stream.end(request(TYPE.close, 9, string(handle)));
    await conversation.over;
    expect(conversation.journal).toEqual(['committed /test/a.csv']);
  });

  test('comes by a protocol error too, and abandons what was being written', async () => {
    conversation = await Conversation.begin();
    await conversation.open('/test/a.csv', 26);
    conversation.stream.write(uint32(0));
    await conversation.over;
    expect(conversation.journal).toEqual(['abandoned /test/a.csv']);
  });
});

test('a failure of ours is answered with a number under which it was logged, and the session goes on', async () => {
  conversation = await Conversation.begin();
  const reply = await conversation.ask(TYPE.stat, string(`/test/${'x'.repeat(300)}`));
  const [line] = conversation.log.lines;
  expect(line).toMatchObject({
    level: 'error',
    message: 'an SFTP request failed',
    fields: { request: 'stat', cause: expect.stringContaining('ENAMETOOLONG') },
  });
  expect(reply).toMatchObject({ code: 4, text: expect.stringContaining(String(line?.fields['incident'])) });
  expect(reply).not.toMatchObject({ text: expect.stringContaining('ENAMETOOLONG') });
  expect(await conversation.ask(TYPE.stat, string('/'))).toMatchObject({ is: 'attributes' });
});

test('a client that never reads its answers is not read any more, and leaves nothing open when it goes', async () => {
  conversation = await Conversation.begin();
  await conversation.open('/test/a.csv', 26);
  const asked = request(TYPE.realpath, 1, string(`/${'x'.repeat(1000)}`));
  let accepted = 0;
  // As long as the session reads, a turn of the event loop makes room for more.
  for (let idle = 0; idle < 100; idle++) {
    while (conversation.stream.writableLength === 0) {
      conversation.stream.write(asked);
      accepted += asked.length;
      idle = 0;
      if (accepted > 64 * 1024 * 1024) throw new Error('the session reads without end');
      await new Promise((resolve) => setImmediate(resolve));
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(accepted).toBeLessThan(1024 * 1024);
  conversation.vanish();
  await conversation.over;
  expect(conversation.journal).toEqual(['abandoned /test/a.csv']);
});

test('answers come in the order of the requests', async () => {
  conversation = await Conversation.begin();
  const handle = await conversation.open('/test/a.csv', 26);
  const asked = Array.from({ length: 200 }, (_, index) =>
    index % 2 === 0
      ? request(TYPE.write, index, string(handle), uint64(index), string('x'))
      : request(TYPE.stat, index, string('/test/a.csv')),
  );
  conversation.stream.write(Buffer.concat(asked));
  for (let id = 0; id < 200; id++) {
    const reply = parseReply((await conversation.packet()) ?? Buffer.alloc(0));
    expect(reply.id).toBe(id);
    if (id % 2 === 1) expect(reply).toMatchObject({ size: id });
  }
});

test.each([
  ['READs', (handle: Buffer, id: number) => request(TYPE.read, id, string(handle), uint64(0), uint32(1))],
  [
    'WRITEs',
    (handle: Buffer, id: number) => request(TYPE.write, id, string(handle), uint64(id), string('x')),
  ],
])('nothing is kept of %s that are answered', async (_what, asking) => {
  const spent = new Set<Buffer>();
  conversation = new Conversation({}, (bytes) => spent.add(bytes));
  conversation.stream.write(INIT);
  await conversation.packet();
  const handle = await conversation.open('/test/a.csv', 27);
  await conversation.write(handle, 0, 'x');
  const asked = Array.from({ length: 20 }, (_, id) => asking(handle, id));
  for (const one of asked) {
    conversation.stream.write(one);
    await conversation.packet();
  }
  expect(asked.filter((one) => !spent.has(one))).toEqual([]);
});
