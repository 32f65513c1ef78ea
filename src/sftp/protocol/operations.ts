// What each request does, from request to the packet that answers it.
import type { Result } from '../../domain/refusal.ts';
import type { Drop, DropRefusal, Listed, WriteHandle } from '../../inbox/drop.ts';
import type { SessionLimits } from '../limits.ts';
import type { Activity } from './activity.ts';
import { type Handle, Handles } from './handles.ts';
import * as reply from './replies.ts';
import type { Request } from './request.ts';
import { OPEN } from './requests.ts';
import { refusal, repeated, STATUS, status } from './status.ts';

const NAMES_AT_ONCE = 100; // of a READDIR answer: far below MAX_PACKET even with the longest names

type Of<Type extends Request['type']> = Extract<Request, { type: Type }>;
type ByHandle = { readonly id: number; readonly handle: string };

export type Operations = {
  /** The packet that answers a request; refusals are answers too, and only our own faults throw. */
  answer(request: Request): Promise<Buffer>;
  /** The session is over: closes what is open, without committing what is being written. */
  release(): Promise<void>;
};

type Options = {
  readonly drop: Drop;
  readonly user: string;
  readonly limits: SessionLimits;
  readonly clock: () => number;
  readonly activity?: Activity;
};

/** The operations of one session on one account's drop. */
export function operationsOn({ drop, user, limits, clock, activity }: Options): Operations {
  const handles = new Handles(limits.handles, activity);
  return { answer, release: () => handles.release() };

  async function answer(request: Request): Promise<Buffer> {
    const { id } = request;
    switch (request.type) {
      case 'open':
        return open(request);
      case 'opendir':
        return openFolder(request);
      case 'close':
        return close(request);
      case 'read':
        return read(request);
      case 'write':
        return repeated(
          await ofWriting(request, (file) => file.write(request.offset, ...request.data)),
          request.more,
        );
      case 'fsetstat':
        return ofWriting(request, (file) => file.change(request.changes));
      case 'fsync':
        return ofWriting(request, (file) => file.sync());
      case 'fstat':
        return fstat(request);
      case 'readdir':
        return readFolder(request);
      case 'stat':
        return answered(id, await drop.stat(request.path), (found) => reply.attrs(id, found));
      case 'setstat':
        return done(id, await drop.change(request.path, request.changes));
      case 'remove':
        return done(id, await drop.remove(request.path));
      case 'mkdir':
        return done(id, await drop.makeFolder(request.path));
      case 'rmdir':
        return done(id, await drop.removeFolder(request.path));
      case 'rename':
        return done(id, await drop.rename(request.path, request.to, request.replace));
      case 'realpath':
        return named(id, request.path);
      case 'home':
        return home(request);
      case 'statvfs':
        return answered(id, await drop.stat(request.path), () => space(id));
      case 'fstatvfs':
        return handles.get(request.handle) ? space(id) : wrongHandle(id);
      case 'limits':
        return reply.limits(id, limits.handles);
      case 'link':
        return status(id, STATUS.unsupported, 'There are no links here');
      case 'unknown':
        return status(id, STATUS.unsupported, `This server does not know ${request.name}`);
      case 'malformed':
        return status(id, STATUS.badMessage, `This is no valid request: ${request.problem}`);
    }
  }

  /** Decided bit by bit: clients combine them in many ways. A handle that only reads never creates or empties a file. */
  async function open({ id, path, flags, size }: Of<'open'>): Promise<Buffer> {
    if (handles.full) return tooManyHandles(id, limits);
    const has = (bit: number) => (flags & bit) !== 0;
    if (!has(OPEN.write) && !has(OPEN.append)) {
      return answered(id, await drop.openRead(path), (file) => opened(id, { kind: 'read', file }));
    }
    const how = {
      read: has(OPEN.read),
      create: has(OPEN.create),
      truncate: has(OPEN.truncate),
      exclusive: has(OPEN.create) && has(OPEN.exclusive),
      append: has(OPEN.append),
      declared: has(OPEN.create) && has(OPEN.truncate) ? size : undefined, // as WinSCP does
    };
    return answered(id, await drop.openWrite(path, how), (file) => opened(id, { kind: 'write', file }));
  }

  async function openFolder({ id, path }: { id: number; path: string }): Promise<Buffer> {
    if (handles.full) return tooManyHandles(id, limits);
    const mtime = clock();
    const dots: Listed[] = ['.', '..'].map((name) => ({ kind: 'folder', name, size: 0, mtime }));
    return answered(id, await drop.list(path), (listed) =>
      opened(id, { kind: 'folder', rest: [...dots, ...listed] }),
    );
  }

  function opened(id: number, handle: Handle): Buffer {
    return reply.handle(id, handles.add(handle));
  }

  async function close({ id, handle: name }: ByHandle): Promise<Buffer> {
    const handle = handles.take(name);
    if (!handle) return wrongHandle(id);
    if (handle.kind === 'write') return done(id, await handle.file.close());
    if (handle.kind === 'read') await handle.file.close();
    return status(id, STATUS.ok, '');
  }

  async function read({ id, handle: name, offset, lengths, more }: Of<'read'>): Promise<Buffer> {
    const handle = handles.get(name);
    if (handle?.kind !== 'read' && handle?.kind !== 'write') return repeated(wrongHandle(id), more);
    const room = reply.roomForData(lengths);
    const read = await handle.file.read(offset, ...room.pieces);
    return read.ok ? reply.data([id, ...more], room, read.value) : repeated(refusal(id, read), more);
  }

  async function ofWriting(
    { id, handle: name }: ByHandle,
    work: (file: WriteHandle) => Promise<Result<undefined, DropRefusal>>,
  ): Promise<Buffer> {
    const handle = handles.get(name);
    return handle?.kind === 'write' ? done(id, await work(handle.file)) : wrongHandle(id);
  }

  async function fstat({ id, handle: name }: ByHandle): Promise<Buffer> {
    const handle = handles.get(name);
    if (handle?.kind !== 'read' && handle?.kind !== 'write') return wrongHandle(id);
    return reply.attrs(id, await handle.file.attributes());
  }

  /** An absolute path, as the answer to who asks for one. */
  function named(id: number, path: string): Buffer {
    return reply.names(id, [{ kind: 'folder', name: path, size: 0, mtime: 0 }], user, clock());
  }

  function home({ id, user: whose, path }: Of<'home'>): Buffer {
    if (whose === '' || whose === user) return named(id, path);
    return status(id, STATUS.noSuchFile, 'Only your own folders are known here: leave the user name away');
  }

  async function space(id: number): Promise<Buffer> {
    return reply.space(id, await drop.space());
  }

  async function readFolder({ id, handle: name }: ByHandle): Promise<Buffer> {
    const handle = handles.get(name);
    if (handle?.kind !== 'folder') return wrongHandle(id);
    const next = handle.rest.splice(0, NAMES_AT_ONCE);
    return next.length === 0 ? status(id, STATUS.eof, 'No more names') : reply.names(id, next, user, clock());
  }
}

function answered<T, Reply extends Buffer | Promise<Buffer>>(
  id: number,
  result: Result<T, DropRefusal>,
  reply: (value: T) => Reply,
): Buffer | Reply {
  return result.ok ? reply(result.value) : refusal(id, result);
}

function done(id: number, result: Result<undefined, DropRefusal>): Buffer {
  return answered(id, result, () => status(id, STATUS.ok, ''));
}

function wrongHandle(id: number): Buffer {
  return status(id, STATUS.failure, 'The handle is not open, or not for this');
}

function tooManyHandles(id: number, { handles }: SessionLimits): Buffer {
  return status(id, STATUS.failure, `${handles} files are open, which is the most; close some first`);
}
