// What each request does: one asynchronous function a type, from request to the packet that answers it.
import type { Result } from '../domain/refusal.ts';
import type { Drop, DropRefusal, Listed } from '../inbox/drop.ts';
import { attributes } from './attributes.ts';
import { type Handle, Handles, MAX_HANDLES } from './handles.ts';
import { longName } from './long-name.ts';
import { MAX_DATA, MAX_PACKET } from './packets.ts';
import { absolute, nameOf } from './paths.ts';
import { OPEN, type Request } from './requests.ts';
import { refusal, STATUS, status } from './status.ts';
import { packet, string, uint32, uint64 } from './wire.ts';

const HANDLE = 102;
const DATA = 103;
const NAME = 104;
const ATTRS = 105;
const EXTENDED_REPLY = 201;
const NAMES_AT_ONCE = 100; // of a READDIR answer: far below MAX_PACKET even with the longest names

type Of<Type extends Request['type']> = Extract<Request, { type: Type }>;
type ByHandle = { readonly id: number; readonly handle: string };
type ByPath = { readonly id: number; readonly path: string };

export type Operations = {
  /** The packet that answers a request; refusals are answers too, and only our own faults throw. */
  answer(request: Request): Promise<Buffer>;
  release(): Promise<void>;
};

/** The operations of one session on one account's drop. */
export function operationsOn(drop: Drop, user: string, clock: () => number): Operations {
  const handles = new Handles();
  return { answer, release: () => handles.release() };

  async function answer(request: Request): Promise<Buffer> {
    const { id } = request;
    switch (request.type) {
      case 'open':
        return open(request);
      case 'close':
        return close(request);
      case 'read':
        return read(request);
      case 'write':
        return write(request);
      case 'fstat':
        return fstat(request);
      case 'stat':
        return replied(id, await drop.stat(absolute(request.path)), (found) =>
          packet(ATTRS, uint32(id), attributes(found)),
        );
      case 'setstat':
        return done(id, await drop.change(absolute(request.path), request.changes));
      case 'fsetstat': {
        const handle = handles.get(request.handle);
        return handle?.kind === 'write' ? done(id, await handle.file.change(request.changes)) : noHandle(id);
      }
      case 'fsync': {
        const handle = handles.get(request.handle);
        return handle?.kind === 'write' ? done(id, await handle.file.sync()) : noHandle(id);
      }
      case 'opendir':
        return openFolder(request);
      case 'readdir':
        return readFolder(request);
      case 'remove':
        return done(id, await drop.remove(absolute(request.path)));
      case 'mkdir':
        return done(id, await drop.makeFolder(absolute(request.path)));
      case 'rmdir':
        return done(id, await drop.removeFolder(absolute(request.path)));
      case 'rename':
        return done(id, await drop.rename(absolute(request.path), absolute(request.to), request.replace));
      case 'realpath':
        return names(id, [{ kind: 'folder', name: absolute(request.path), size: 0, mtime: 0 }]);
      case 'link':
        return status(id, STATUS.unsupported, 'There are no links here');
      case 'limits':
        return packet(
          EXTENDED_REPLY,
          uint32(id),
          uint64(MAX_PACKET),
          uint64(MAX_DATA),
          uint64(MAX_DATA),
          uint64(MAX_HANDLES),
        );
      case 'unknown':
        return status(id, STATUS.unsupported, `This server does not know ${request.name}`);
    }
  }

  async function open({ id, path, flags }: Of<'open'>): Promise<Buffer> {
    if (handles.full)
      return status(id, STATUS.failure, `More than ${MAX_HANDLES} files are open; close some first`);
    const has = (bit: number) => (flags & bit) !== 0;
    if (!has(OPEN.write) && !has(OPEN.append)) {
      return replied(id, await drop.openRead(absolute(path)), (file) => opened(id, { kind: 'read', file }));
    }
    const how = {
      read: has(OPEN.read),
      create: has(OPEN.create),
      truncate: has(OPEN.truncate),
      exclusive: has(OPEN.create) && has(OPEN.exclusive),
      append: has(OPEN.append),
    };
    return replied(id, await drop.openWrite(absolute(path), how), (file) =>
      opened(id, { kind: 'write', file }),
    );
  }

  function opened(id: number, handle: Handle): Buffer {
    return packet(HANDLE, uint32(id), string(handles.add(handle)));
  }

  async function close({ id, handle: name }: ByHandle): Promise<Buffer> {
    const handle = handles.take(name);
    if (!handle) return noHandle(id);
    if (handle.kind === 'write') return done(id, await handle.file.close());
    if (handle.kind === 'read') await handle.file.close();
    return status(id, STATUS.ok, '');
  }

  async function read({ id, handle: name, offset, length }: Of<'read'>): Promise<Buffer> {
    const handle = handles.get(name);
    if (handle?.kind !== 'read' && handle?.kind !== 'write') return noHandle(id);
    const wanted = Math.min(length, MAX_DATA);
    const bytes = await handle.file.read(offset, wanted);
    if (!(bytes instanceof Uint8Array)) return replied(id, bytes, (data) => dataOrEnd(id, data));
    return dataOrEnd(id, bytes);
  }

  async function write({ id, handle: name, offset, data }: Of<'write'>): Promise<Buffer> {
    const handle = handles.get(name);
    return handle?.kind === 'write' ? done(id, await handle.file.write(offset, data)) : noHandle(id);
  }

  async function fstat({ id, handle: name }: ByHandle): Promise<Buffer> {
    const handle = handles.get(name);
    if (handle?.kind !== 'read' && handle?.kind !== 'write') return noHandle(id);
    return packet(ATTRS, uint32(id), attributes(await handle.file.attributes()));
  }

  async function openFolder({ id, path }: ByPath): Promise<Buffer> {
    if (handles.full)
      return status(id, STATUS.failure, `More than ${MAX_HANDLES} files are open; close some first`);
    const now = clock();
    const dots: Listed[] = ['.', '..'].map((name) => ({ kind: 'folder', name, size: 0, mtime: now }));
    return replied(id, await drop.list(absolute(path)), (listed) =>
      opened(id, { kind: 'folder', rest: [...dots, ...listed] }),
    );
  }

  async function readFolder({ id, handle: name }: ByHandle): Promise<Buffer> {
    const handle = handles.get(name);
    if (handle?.kind !== 'folder') return noHandle(id);
    const next = handle.rest.splice(0, NAMES_AT_ONCE);
    return next.length === 0 ? status(id, STATUS.eof, 'No more names') : names(id, next);
  }

  function names(id: number, all: readonly Listed[]): Buffer {
    const now = clock();
    const parts = all.flatMap((one) => {
      const line = longName({ ...one, name: nameOf(one.name) || '/' }, user, now);
      return [string(one.name), string(line), attributes(one)];
    });
    return packet(NAME, uint32(id), uint32(all.length), ...parts);
  }
}

function dataOrEnd(id: number, bytes: Uint8Array): Buffer {
  if (bytes.length === 0) return status(id, STATUS.eof, 'End of file');
  return packet(DATA, uint32(id), uint32(bytes.length), bytes);
}

function replied<T>(id: number, result: Result<T, DropRefusal>, reply: (value: T) => Buffer): Buffer {
  return result.ok ? reply(result.value) : refusal(id, result);
}

function done(id: number, result: Result<undefined, DropRefusal>): Buffer {
  return replied(id, result, () => status(id, STATUS.ok, ''));
}

function noHandle(id: number): Buffer {
  return status(id, STATUS.failure, 'There is no such open handle');
}
