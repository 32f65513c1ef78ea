import { ok, type Result, refused } from '../domain/refusal.ts';

export const MAX_NAME_BYTES = 255; // what the file systems of partners and operators hold

const IMPORTED = /\.(csv|csv\.gz|xlsx)$/i;

/**
 * Marks of a file that is not finished yet. What clients append (`.filepart`, `.partial`, `.part`, `.tmp`, `.writing`,
 * `~`, …) and the sidecars they add (`.done`, `.md5`, …) need no line here: such a name does not end like a file to import.
 */
const TEMPORARY = [
  /^\./, // hidden: lftp's .in.*, .giosave*, .goutputstream-*, .sftpgo-upload.*
  /\.in\./i, // lftp with a prefix of its own
  /^~\$/, // the lock file that Excel puts beside an open workbook
];

// Control characters, line and paragraph separators, and halves of surrogate pairs, which no UTF-8 can hold.
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

/** Whether a complete file of that name is imported; others are kept and never imported. */
export function eligible(name: string): boolean {
  return IMPORTED.test(name) && !TEMPORARY.some((mark) => mark.test(name));
}

/** Whether a file may have that name. */
export function uploadable(name: string): Result<undefined, 'not_allowed'> {
  if (name === '' || name === '.' || name === '..' || name.includes('/')) {
    return refused('not_allowed', 'A file needs a name of its own, without "/".');
  }
  if (UNPRINTABLE.test(name)) {
    return refused('not_allowed', `The name ${JSON.stringify(name)} has a character that cannot be printed.`);
  }
  const bytes = Buffer.byteLength(name);
  if (bytes > MAX_NAME_BYTES) {
    return refused('not_allowed', `The name has ${bytes} bytes, more than ${MAX_NAME_BYTES}: shorten it.`);
  }
  return ok(undefined);
}
