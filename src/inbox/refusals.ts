// What the inbox says no with. The person at the SFTP client reads the message as it stands here.
import type { Mode } from '../domain/mode.ts';
import { refused } from '../domain/refusal.ts';
import type { Folder } from '../domain/upload.ts';
import type { Range } from './extents.ts';

const GIB = 1024 ** 3;

/** The largest file the importer reads; also keeps one wild offset from becoming a sparse file without end. */
export const MAX_UPLOAD_BYTES = 8 * GIB;

export const noSuchFile = (name: string) => refused('no_such_file', `There is no "${name}" here.`);

export const wrongPlace = () => refused('not_allowed', 'Files go straight into /test or /live.');

export const isFolder = (path: string) => refused('not_allowed', `${path} is a folder, not a file.`);

export const notAFolder = (path: string) => refused('not_allowed', `${path} is a file, not a folder.`);

export const noAccess = (mode: Mode) =>
  refused('not_allowed', `This account has no access to ${mode}: ask the operator of this server for it.`);

export const keptForTheRecord = (folder: Folder) =>
  refused('not_allowed', `What is in /${folder} is kept for the record. New files go into /test or /live.`);

export const foldersStay = () =>
  refused('not_allowed', 'Folders are neither made nor removed here: files go straight into /test or /live.');

export const folderExists = (path: string) =>
  refused('already_exists', `The folder ${path} is there already.`);

export const otherFolder = () =>
  refused(
    'not_allowed',
    'A file stays in its folder, so that no test data goes live: upload it again to the other one.',
  );

export const alreadyExists = (name: string) =>
  refused('already_exists', `There is a file "${name}" already: remove it first, or choose another name.`);

export const taken = (name: string) =>
  refused('not_allowed', `"${name}" is being imported: it can no longer be changed, renamed or removed.`);

export const stillBeingWritten = (name: string) =>
  refused('not_allowed', `"${name}" is still being written: close it first.`);

export const lost = (name: string) =>
  refused(
    'no_such_file',
    `"${name}" was removed, renamed or replaced while it was open here: upload it again.`,
  );

export const diskFull = (name: string) =>
  refused('failed', `The disk of the server is full; "${name}" was not stored. Upload it again later.`);

export const notStored = (name: string) =>
  refused('failed', `The server could not write "${name}"; it was not stored. Upload it again.`);

export const tooLarge = (name: string) =>
  refused(
    'failed',
    `"${name}" is larger than ${MAX_UPLOAD_BYTES / GIB} GiB, the most a file may have: split it.`,
  );

export const hasGap = (name: string, { start, end }: Range) =>
  refused(
    'failed',
    `Bytes ${start} to ${end - 1} of "${name}" never arrived, so it is not imported: upload it again.`,
  );

export const tooManyGaps = (name: string) =>
  refused('failed', `"${name}" came in too many pieces: write it from its beginning to its end.`);

export const growsByWriting = (name: string) =>
  refused(
    'failed',
    `"${name}" does not have so many bytes: a file becomes longer when more is written to it.`,
  );

export const notReadable = (name: string) => refused('not_allowed', `"${name}" was opened for writing only.`);

export const notImported = (name: string) =>
  refused(
    'not_allowed',
    `"${name}" would never be imported: the name must end in .csv, .csv.gz or .xlsx and be no temporary one.`,
  );
