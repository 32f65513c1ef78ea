/** Nothing is at that path. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

/** Something is at that path already. */
export function isThere(error: unknown): boolean {
  return codeOf(error) === 'EEXIST';
}

/** No room for more bytes: the disk, or this user's share of it, is full. */
export function isDiskFull(error: unknown): boolean {
  return codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT';
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
