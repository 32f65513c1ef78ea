import { join } from 'node:path';
import type { FileId } from '../domain/ids.ts';
import type { Entry } from '../domain/upload.ts';

const FILE_ID = /^fil_[0-9a-z]+$/;
const SUFFIX = { file: '', report: '.report', rejected: '.rejected' };

/** Where the bytes of a file or of one of its reports lie; throws for an id that could lead anywhere else. */
export function spoolPath(directory: string, file: FileId, content: Entry['content'] = 'file'): string {
  if (!FILE_ID.test(file)) throw new Error(`${JSON.stringify(file)} is no file id`);
  return join(directory, `${file}${SUFFIX[content]}`);
}
