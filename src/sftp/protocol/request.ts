import type { Changes } from '../../inbox/drop.ts';

/** What a client asks; paths are absolute and normal. */
export type Request = { readonly id: number } & (
  | {
      readonly type: 'open';
      readonly path: string;
      readonly flags: number;
      readonly size: number | undefined;
    }
  | { readonly type: 'close' | 'fstat' | 'readdir' | 'fsync' | 'fstatvfs'; readonly handle: string }
  | {
      readonly type: 'read';
      readonly handle: string;
      readonly offset: number;
      readonly lengths: readonly number[]; // of this READ, and of those that are joined to it
      readonly more: readonly number[]; // the ids of these
    }
  | {
      readonly type: 'write';
      readonly handle: string;
      readonly offset: number;
      readonly data: readonly Buffer[];
      readonly more: readonly number[]; // the ids of further WRITEs that are joined to this one
    }
  | { readonly type: 'fsetstat'; readonly handle: string; readonly changes: Changes }
  | { readonly type: 'setstat'; readonly path: string; readonly changes: Changes }
  | {
      readonly type: 'stat' | 'statvfs' | 'opendir' | 'remove' | 'mkdir' | 'rmdir' | 'realpath' | 'link';
      readonly path: string;
    }
  | { readonly type: 'rename'; readonly path: string; readonly to: string; readonly replace: boolean }
  | { readonly type: 'home'; readonly user: string; readonly path: string } // "" is the user who has logged in
  | { readonly type: 'limits' }
  | { readonly type: 'unknown'; readonly name: string }
  | { readonly type: 'malformed'; readonly problem: string }
);

/** A request without its id. */
export type Body = Request extends infer Each ? (Each extends Request ? Omit<Each, 'id'> : never) : never;
