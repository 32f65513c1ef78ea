import type { Mode } from './model-files.ts';

export type Place =
  | { readonly at: 'root' | 'nowhere' }
  | { readonly at: 'folder'; readonly folder: string }
  | { readonly at: 'upload'; readonly mode: Mode; readonly name: string }
  | { readonly at: 'kept'; readonly folder: string; readonly name: string };

export function placeOf(path: string): Place {
  if (path === '/') return { at: 'root' };
  const parts = /^\/(test|live|imports_processed|imports_reports)(?:\/([^/]+))?$/.exec(path);
  const [, folder, name] = parts ?? [];
  if (folder === undefined) return { at: 'nowhere' };
  if (name === undefined) return { at: 'folder', folder };
  if (folder === 'test' || folder === 'live') return { at: 'upload', mode: folder, name };
  return { at: 'kept', folder, name };
}
