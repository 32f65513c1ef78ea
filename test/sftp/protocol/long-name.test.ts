import { expect, test } from 'vitest';
import { longName } from '../../../src/sftp/protocol/long-name.ts';

const NOW = Date.UTC(2026, 10, 23, 7, 45);
const DAY = 86_400_000;

test.each([
  [
    'a file of today',
    { kind: 'file', size: 1234, mtime: NOW },
    '-rw-r--r--    1 partner  partner      1234 Nov 23 07:45 x',
  ],
  [
    'a folder',
    { kind: 'folder', size: 0, mtime: NOW },
    'drwxr-xr-x    1 partner  partner         0 Nov 23 07:45 x',
  ],
  [
    'an old file',
    { kind: 'file', size: 1, mtime: NOW - 200 * DAY },
    '-rw-r--r--    1 partner  partner         1 May  7  2026 x',
  ],
  [
    'a file of the future',
    { kind: 'file', size: 1, mtime: NOW + 200 * DAY },
    '-rw-r--r--    1 partner  partner         1 Jun 11  2027 x',
  ],
  [
    'a large file',
    { kind: 'file', size: 5_000_000_000, mtime: NOW },
    '-rw-r--r--    1 partner  partner  5000000000 Nov 23 07:45 x',
  ],
] as const)('%s is shown as ls -l shows it', (_what, attributes, line) => {
  expect(longName({ ...attributes, name: 'x' }, 'partner', NOW)).toBe(line);
});
