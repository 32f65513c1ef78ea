import { describe, expect, test } from 'vitest';
import { placeOf } from '../../src/inbox/paths.ts';

describe('a path means', () => {
  test('the root', () => expect(placeOf('/')).toEqual({ kind: 'root' }));

  test.each(['test', 'live', 'imports_processed', 'imports_reports'])('the folder %s', (folder) => {
    expect(placeOf(`/${folder}`)).toEqual({ kind: 'folder', folder });
  });

  test('a file straight in a folder', () => {
    expect(placeOf('/live/a b.csv')).toEqual({ kind: 'file', folder: 'live', name: 'a b.csv' });
  });

  test.each([
    '',
    'test',
    '//',
    '/test/',
    '//test',
    '/Test',
    '/other',
    '/tickets.csv',
    '/test/a/b.csv',
    '/__proto__',
  ])('nowhere: %j', (path) => expect(placeOf(path)).toEqual({ kind: 'nowhere' }));
});
