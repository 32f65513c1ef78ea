import type { Folder } from '../domain/upload.ts';

const FOLDERS: readonly Folder[] = ['test', 'live', 'imports_processed', 'imports_reports'];

/** What a path means. `nowhere` is anything that cannot be there: another folder, or a folder within a folder. */
export type Place =
  | { readonly kind: 'root' }
  | { readonly kind: 'folder'; readonly folder: Folder }
  | { readonly kind: 'file'; readonly folder: Folder; readonly name: string }
  | { readonly kind: 'nowhere' };

/** Reads an absolute, normal path, such as `/test/tickets.csv`. */
export function placeOf(path: string): Place {
  if (path === '/') return { kind: 'root' };
  const [root, first, name, ...deeper] = path.split('/');
  const folder = FOLDERS.find((one) => one === first);
  if (root !== '' || !folder || name === '' || deeper.length > 0) return { kind: 'nowhere' };
  return name === undefined ? { kind: 'folder', folder } : { kind: 'file', folder, name };
}
