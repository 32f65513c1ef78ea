import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wordsOf } from '../../../src/sftp/commands/words.ts';

describe('the words of a command', () => {
  test.each([
    ['md5sum', ['md5sum']],
    ['  md5sum \t /test/a.csv ', ['md5sum', '/test/a.csv']],
    ["md5sum '/test/a b.csv'", ['md5sum', '/test/a b.csv']],
    ['md5sum "/test/a b.csv"', ['md5sum', '/test/a b.csv']],
    ['md5sum /test/a\\ b\\$.csv', ['md5sum', '/test/a b$.csv']],
    ["md5sum '/test/it'\\''s.csv'", ['md5sum', "/test/it's.csv"]],
    ["md5sum /test/two'\n'lines.csv", ['md5sum', '/test/two\nlines.csv']],
    ['md5sum "a\\"\\\\\\x"', ['md5sum', 'a"\\\\x']],
    ["md5sum ''", ['md5sum', '']],
    ['md5sum /test/ü.csv', ['md5sum', '/test/ü.csv']],
    ['', []],
  ])('%j', (command, words) => {
    expect(wordsOf(command)).toEqual(words);
  });

  test.each([
    ...['md5sum a; id', 'md5sum a|cat', 'md5sum a && id', 'md5sum a & id', 'md5sum $(id)', 'md5sum `id`'],
    ...['md5sum "$(id)"', 'md5sum "`id`"', 'md5sum $HOME', 'md5sum <a', 'md5sum >a', 'md5sum *', 'md5sum a?'],
    ...['md5sum [a]', 'md5sum ~/a', 'md5sum {a,b}', 'md5sum a\nid', 'md5sum #a', 'A=b md5sum', 'md5sum !a'],
    ...["md5sum 'a", 'md5sum "a', 'md5sum a\\', 'md5sum a\\\nb', `echo \${ShellId}%ComSpec%`, '(md5sum a)'],
  ])('there are none of %j, which a shell would make more of', (command) => {
    expect(wordsOf(command)).toBeUndefined();
  });

  test('are what a shell makes of them, where there are any', () => {
    const pieces = ['a', 'b', ' ', '\\', "'", '"', '$', '/', '.', '-', 'ü', '\t'];
    const command = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((all) => all.join(''));
    fc.assert(
      fc.property(command, (words) => {
        const found = wordsOf(`x ${words}`);
        if (!found) return;
        const script = `printf '%s\\0' x ${words}`;
        const { status, stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
        expect([status, stdout.split('\0').slice(0, -1)]).toEqual([0, found]);
      }),
      { numRuns: 300 },
    );
  });

  const asShellsQuote = (name: string) => `'${name.replaceAll("'", "'\\''")}'`;
  const asRclone = (name: string) =>
    name.replaceAll(/[^A-Za-z0-9_.,:/@\u0080-\uffff\n-]/g, '\\$&').replaceAll('\n', "'\n'");

  test.each([
    ['quotes', asShellsQuote],
    ['escapes', asRclone],
  ])('of a name that a client %s are the name', (_how, quoted) => {
    const name = fc.oneof(
      fc.string({ unit: 'binary-ascii', minLength: 1 }),
      fc.string({ unit: 'binary', minLength: 1 }),
    );
    fc.assert(
      fc.property(name, (name) => {
        expect(wordsOf(`sha256sum ${quoted(name)}`)).toEqual(['sha256sum', name]);
      }),
      { numRuns: 2_000 },
    );
  });
});
