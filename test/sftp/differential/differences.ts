/** What each server answers to the same request. */
export type Answers = readonly [ours: string, theirs: string];

/** Answers that are other than sftp-server's, in which cases, and why. */
export type Difference = {
  readonly why: string;
  readonly cases: RegExp;
  readonly answers: readonly Answers[];
};

export const DIFFERENCES: readonly Difference[] = [
  {
    why: 'a handle that is not open, or not for this: NO_SUCH_FILE would send people looking for a file',
    cases: /^OPEN |handle|^CLOSE twice$/,
    answers: [
      ['FAILURE', 'NO_SUCH_FILE'],
      ['PERMISSION_DENIED', 'NO_SUCH_FILE'],
      ['FAILURE', 'BAD_MESSAGE'],
    ],
  },
  {
    why: 'APPEND without WRITE writes all the same: it can mean nothing else',
    cases: /^OPEN (READ\|)?APPEND/,
    answers: [
      ['OK', 'NO_SUCH_FILE'],
      ['PERMISSION_DENIED', '"12345"'],
      ['PERMISSION_DENIED', 'EOF'],
      ['"12345ab"', '"12345"'],
      ['"ab"', 'EOF'],
      ['a file of 7 bytes', 'a file of 5 bytes'],
      ['a file of 2 bytes', 'a file of 0 bytes'],
    ],
  },
  {
    why: 'a handle that only reads makes, empties and refuses no file',
    cases: /^OPEN (READ\|)?(CREAT|TRUNC|EXCL)/,
    answers: [
      ['NO_SUCH_FILE', 'a handle'],
      ['FAILURE', 'EOF'],
      ['FAILURE', 'OK'],
      ['NO_SUCH_FILE', 'a file of 0 bytes'],
      ['"12345"', 'EOF'],
      ['a file of 5 bytes', 'a file of 0 bytes'],
      ['a handle', 'FAILURE'],
      ['"12345"', 'FAILURE'],
      ['OK', 'NO_SUCH_FILE'],
    ],
  },
  {
    why: 'a file with a gap is not complete, and is kept up to it',
    cases: /^(WRITE behind the end|FSETSTAT makes longer)$/,
    answers: [
      ['FAILURE', 'OK'],
      ['a file of 0 bytes', 'a file of 11 bytes'],
      ['a file of 5 bytes', 'a file of 9 bytes'],
    ],
  },
  {
    why: 'a file that nobody writes gets no gap',
    cases: /^SETSTAT makes longer$/,
    answers: [
      ['FAILURE', 'OK'],
      ['a file of 5 bytes', 'a file of 9 bytes'],
    ],
  },
  {
    why: 'the empty path is the root, as the draft says, and as REALPATH has it in both',
    cases: /^(STAT of a folder|an empty name)$/,
    answers: [
      ['a folder', 'NO_SUCH_FILE'],
      ['a handle', 'NO_SUCH_FILE'],
      ['numbers', 'NO_SUCH_FILE'],
      ['PERMISSION_DENIED', 'NO_SUCH_FILE'],
      ['FAILURE', 'NO_SUCH_FILE'],
      ['OP_UNSUPPORTED', 'NO_SUCH_FILE'],
    ],
  },
  {
    why: 'RENAME onto itself changes nothing; other servers have lost the file',
    cases: /^RENAME onto itself$/,
    answers: [['OK', 'FAILURE']],
  },
  {
    why: 'test data does not go live by a rename',
    cases: /^(RENAME|posix-rename) into the other folder$/,
    answers: [
      ['PERMISSION_DENIED', 'OK'],
      ['a file of 5 bytes', 'NO_SUCH_FILE'],
    ],
  },
  {
    why: 'folders are not made, renamed or removed here, and the text says what to do instead',
    cases: /^(MKDIR|(RENAME|RMDIR|REMOVE) of a folder)$/,
    answers: [
      ['PERMISSION_DENIED', 'OK'],
      ['PERMISSION_DENIED', 'FAILURE'],
    ],
  },
  {
    why: 'a folder is no file: it is refused when it is opened, not when it is read',
    cases: /^a folder as a file$/,
    answers: [
      ['PERMISSION_DENIED', 'a handle'],
      ['PERMISSION_DENIED', 'FAILURE'],
    ],
  },
  {
    why: 'a path that can be nothing here, or is no folder, is refused with what to do instead',
    cases: /^(RENAME into a folder that is not there|OPENDIR of a file)$/,
    answers: [['PERMISSION_DENIED', 'NO_SUCH_FILE']],
  },
  {
    why: 'REALPATH says what a path means, whether anything is there or not',
    cases: /^REALPATH below what is not there$/,
    answers: [['the path /absent/FILE', 'NO_SUCH_FILE']],
  },
  {
    why: 'there are no links, and nothing is copied',
    cases: /^(READLINK|SYMLINK|hardlink|copy-data)$/,
    answers: [
      ['OP_UNSUPPORTED', 'OK'],
      ['OP_UNSUPPORTED', 'BAD_MESSAGE'],
    ],
  },
  {
    why: 'a name must be one that people can read, and that file systems hold',
    cases: /^a name /,
    answers: [
      ['PERMISSION_DENIED', 'a handle'],
      ['PERMISSION_DENIED', 'BAD_MESSAGE'],
    ],
  },
];
