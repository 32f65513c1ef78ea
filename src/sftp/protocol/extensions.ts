// The extensions that are announced, which are those that work: OpenSSH's (its PROTOCOL, 4) and `home-directory`
// (draft-ietf-secsh-filexfer-extensions-00, 5).
import { readChanges } from './attributes.ts';
import { readHandle, readPath, readShellPath } from './names.ts';
import type { Body } from './request.ts';
import type { WireReader } from './wire.ts';

type Extension = { readonly version: string; readonly parse: (reader: WireReader) => Body };

export const EXTENSIONS: ReadonlyMap<string, Extension> = new Map(
  Object.entries<Extension>({
    'posix-rename@openssh.com': {
      version: '1',
      parse: (reader) => ({
        type: 'rename',
        path: readPath(reader),
        to: readPath(reader),
        replace: true,
      }),
    },
    'statvfs@openssh.com': {
      version: '2',
      parse: (reader) => ({ type: 'statvfs', path: readPath(reader) }),
    },
    'fstatvfs@openssh.com': {
      version: '2',
      parse: (reader) => ({ type: 'fstatvfs', handle: readHandle(reader) }),
    },
    'fsync@openssh.com': {
      version: '1',
      parse: (reader) => ({ type: 'fsync', handle: readHandle(reader) }),
    },
    // As SETSTAT: there are no links.
    'lsetstat@openssh.com': {
      version: '1',
      parse: (reader) => ({ type: 'setstat', path: readPath(reader), changes: readChanges(reader) }),
    },
    'limits@openssh.com': { version: '1', parse: () => ({ type: 'limits' }) },
    'expand-path@openssh.com': {
      version: '1',
      parse: (reader) => {
        const { path, user } = readShellPath(reader);
        return user === undefined ? { type: 'realpath', path } : { type: 'home', user, path };
      },
    },
    'home-directory': {
      version: '1',
      parse: (reader) => ({ type: 'home', user: reader.text(), path: '/' }),
    },
  }),
);
