// What clients do that cannot be had on a test machine, request by request: WinSCP, Cyberduck, sshj, Spring, Camel, gvfs, …
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Reply } from '../sftp/protocol/a-conversation.ts';
import { BusySite } from './a-busy-site.ts';
import {
  close,
  FLAG,
  lstat,
  mkdir,
  open,
  posixRename,
  remove,
  rename,
  type Step,
  setMode,
  setTime,
  stat,
  WireSession,
  write,
} from './a-wire-session.ts';

const NEW = FLAG.write | FLAG.create | FLAG.truncate;
const EXCLUSIVE = FLAG.write | FLAG.create | FLAG.exclusive;
const GO_ON = FLAG.write | FLAG.create;
const OK = 0;
const NO_SUCH_FILE = 2;
const FAILURE = 4;
const SECONDS = Date.UTC(2026, 0, 2, 3, 4, 5) / 1_000; // the local file's time
const PIECE = 8_192; // bytes of a WRITE

const busy = new BusySite();

/** A file to send, and where to; the first session is open. */
type Upload = { readonly session: WireSession; readonly bytes: Buffer; readonly path: string };

/** The status codes of answers; what came with it counts as OK. */
const codes = (replies: readonly Reply[]) =>
  replies.map((reply) => (reply.is === 'status' ? reply.code : OK));

/** Requests that are sent one by one, each with the status that the client goes on after. */
async function talk(session: WireSession, ...steps: readonly (readonly [Step, number])[]): Promise<void> {
  for (const [step, code] of steps) expect(codes(await session.ask(step))).toEqual([code]);
}

/** OPEN and all WRITEs, from where the file is to go on. */
async function send(
  session: WireSession,
  path: string,
  flags: number,
  bytes: Buffer,
  from = 0,
): Promise<Buffer> {
  const handle = await session.handle(path, flags);
  const writes: Step[] = [];
  for (let at = from; at < bytes.length; at += PIECE) {
    writes.push(write(handle, at, bytes.subarray(at, at + PIECE)));
  }
  expect(codes(await session.ask(...writes))).toEqual(writes.map(() => OK));
  return handle;
}

async function put(session: WireSession, path: string, bytes: Buffer, flags = NEW): Promise<void> {
  await talk(session, [close(await send(session, path, flags, bytes)), OK]);
}

async function elsewhere(work: (session: WireSession) => Promise<void>): Promise<void> {
  const session = await WireSession.begin(busy.login);
  await work(session).finally(() => session.end());
}

const SEQUENCES: Record<string, (upload: Upload) => Promise<void>> = {
  async 'WinSCP, a small file: CLOSE and the time sent at once'({ session, path, bytes }) {
    const handle = await send(session, path, EXCLUSIVE | FLAG.truncate, bytes);
    expect(codes(await session.ask(close(handle), setTime(path, SECONDS)))).toEqual([OK, OK]);
    await talk(session, [lstat(path), OK]);
  },

  async 'WinSCP, a small file over one that is there'({ session, path, bytes }) {
    await put(session, path, bytes.subarray(0, 1_500));
    await talk(session, [open(path, EXCLUSIVE), FAILURE], [stat(path), OK]);
    const handle = await send(session, path, NEW, bytes);
    expect(codes(await session.ask(close(handle), setTime(path, SECONDS)))).toEqual([OK, OK]);
  },

  async 'WinSCP, from 100 KiB: .filepart, RENAME, the time'({ session, path, bytes }) {
    const part = `${path}.filepart`;
    await talk(session, [lstat(path), NO_SUCH_FILE], [lstat(part), NO_SUCH_FILE]);
    await put(session, part, bytes);
    await talk(session, [rename(part, path), OK], [setTime(path, SECONDS), OK], [lstat(path), OK]);
  },

  async 'WinSCP, going on with a .filepart over a file that is there'({ session, path, bytes }) {
    const part = `${path}.filepart`;
    await put(session, path, bytes.subarray(0, 1_500));
    await send(session, part, NEW, bytes.subarray(0, PIECE));
    await session.end();
    await elsewhere(async (again) => {
      const [found] = await again.ask(lstat(part));
      expect(found).toMatchObject({ is: 'attributes', size: PIECE });
      await talk(again, [close(await send(again, part, GO_ON, bytes, PIECE)), OK]);
      await talk(again, [rename(part, path), FAILURE], [remove(path), OK]);
      await talk(again, [rename(part, path), OK], [setTime(path, SECONDS), OK]);
    });
  },

  async 'rclone since 1.63: .partial, the time, STAT elsewhere, posix-rename, STAT'({
    session,
    path,
    bytes,
  }) {
    const part = `${path}.0a1b2c3d.partial`;
    await talk(session, [mkdir('/test'), FAILURE], [lstat(path), NO_SUCH_FILE]);
    await put(session, part, bytes);
    await talk(session, [setTime(part, SECONDS), OK]);
    await elsewhere((other) =>
      talk(other, [stat(part), OK], [posixRename(part, path), OK], [stat(path), OK]),
    );
  },

  async 'Mapp Engage, Valitor: uploaded on one connection, STAT and RENAME on the next'({
    session,
    path,
    bytes,
  }) {
    await put(session, `${path}.partial`, bytes);
    await session.end();
    await elsewhere((next) =>
      talk(next, [stat(`${path}.partial`), OK], [rename(`${path}.partial`, path), OK]),
    );
  },

  async 'Spring Integration: .writing, REMOVE of what is not there, RENAME'({ session, path, bytes }) {
    await put(session, `${path}.writing`, bytes);
    await talk(session, [remove(path), NO_SUCH_FILE], [rename(`${path}.writing`, path), OK]);
  },

  async 'sshj: STAT, then mode and time after CLOSE'({ session, path, bytes }) {
    await talk(session, [stat(path), NO_SUCH_FILE]);
    await put(session, path, bytes);
    await talk(session, [setMode(path, 0o644), OK], [setTime(path, SECONDS), OK]);
  },

  async 'Camel: a temporary prefix, RENAME, chmod, a done file'({ session, path, bytes }) {
    const part = path.replace('/test/', '/test/.tmp-');
    await talk(session, [remove(part), NO_SUCH_FILE]);
    await put(session, part, bytes);
    await talk(session, [rename(part, path), OK], [setMode(path, 0o640), OK]);
    await put(session, `${path}.done`, Buffer.alloc(0));
  },

  async 'GNOME gvfs, replacing: .giosave, REMOVE, mode, RENAME'({ session, path, bytes }) {
    const part = path.replace('/test/', '/test/.giosave7F3K2Q');
    await put(session, path, bytes.subarray(0, 1_500));
    await talk(session, [lstat(path), OK]);
    await put(session, part, bytes, EXCLUSIVE);
    await talk(session, [remove(path), OK], [setMode(part, 0o644), OK], [rename(part, path), OK]);
  },

  async 'Cyberduck: a temporary name, mode and time, RENAME'({ session, path, bytes }) {
    const part = `${path}-8b1d6f2e`;
    await put(session, part, bytes);
    await talk(session, [setMode(part, 0o644), OK], [setTime(part, SECONDS), OK], [rename(part, path), OK]);
  },

  async 'JSch, going on: STAT, OPEN without TRUNC'({ session, path, bytes }) {
    await send(session, path, NEW, bytes.subarray(0, PIECE));
    await session.end();
    await elsewhere(async (again) => {
      expect((await again.ask(stat(path)))[0]).toMatchObject({ size: PIECE });
      await talk(again, [close(await send(again, path, GO_ON, bytes, PIECE)), OK]);
    });
  },
};

const results = new Map<string, '✓' | '✗'>();

beforeAll(() => busy.start());

afterAll(async () => {
  const rows = [...results].map(([sequence, result]) => `| ${sequence} | ${result} |`);
  console.log(`\n| what clients do | |\n| --- | --- |\n${rows.join('\n')}\n`);
  await busy.remove();
});

test.concurrent.for(Object.entries(SEQUENCES))('%s', async ([sequence, run]) => {
  results.set(sequence, '✗');
  const name = `${sequence.replace(/\W+/g, '-')}.csv`;
  const bytes = readFileSync(busy.tickets(name, 10, name));
  const session = await WireSession.begin(busy.login);
  await run({ session, bytes, path: `/test/${name}` }).finally(() => session.end());
  const completed = await busy.theImport(name, 'completed');
  expect(completed).toMatchObject({ rows: 10, created: 10, size: bytes.length });
  results.set(sequence, '✓');
});

describe('what did not come whole', () => {
  async function ticketsFor(name: string): Promise<Buffer> {
    return readFileSync(busy.tickets(name, 10, name));
  }

  test('is held when the client declared more bytes, and imported as it is when it is released', async () => {
    const name = 'declared.csv';
    const bytes = await ticketsFor(name);
    await elsewhere(async (session) => {
      const handle = await session.handle(`/test/${name}`, NEW, bytes.length + 2_048);
      await talk(session, [write(handle, 0, bytes), OK], [close(handle), OK]);
    });
    const held = await busy.theImport(name, 'held');
    expect(held).toMatchObject({ created: 0, size: bytes.length });
    expect(held.problem).toBe(
      `The file has ${bytes.length} bytes, and should have at least ${bytes.length + 2_048}: its end never arrived. Upload it again, or ask the operator to release it as it is.`,
    );
    busy.site.cli('imports', 'release', held.id);
    expect(await busy.theImport(name, 'completed')).toMatchObject({ created: 10 });
  });

  test('is refused at CLOSE when there is a gap, and imported once when it is put again', async () => {
    const name = 'gap.csv';
    const bytes = await ticketsFor(name);
    await elsewhere(async (session) => {
      const handle = await session.handle(`/test/${name}`, NEW);
      await talk(
        session,
        [write(handle, 0, bytes.subarray(0, 4_000)), OK],
        [write(handle, 8_000, bytes.subarray(8_000)), OK],
      );
      const [closed] = await session.ask(close(handle));
      expect(closed).toMatchObject({
        code: FAILURE,
        text: `Bytes 4000 to 7999 of "${name}" never arrived, so it is not imported: upload it again.`,
      });
      expect(await busy.theImport(name, 'incomplete')).toMatchObject({ created: 0, size: 4_000 });
      await put(session, `/test/${name}`, bytes);
    });
    expect(await busy.theImport(name, 'completed')).toMatchObject({ rows: 10, created: 10 });
  });
});
