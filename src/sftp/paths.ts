import { posix } from 'node:path';

/** The absolute, normal form of a path as a client writes it; `..` never leads above the root. */
export function absolute(path: string): string {
  const normal = posix.resolve('/', path);
  return normal === '' ? '/' : normal;
}

/** The name of a path's last part. */
export function nameOf(path: string): string {
  return posix.basename(path);
}
