import { expect, test } from 'vitest';
import { dialectOf } from '../../src/import/dialect.ts';

test.each([
  ['commas', 'a,b,c\n1,2,3\n', ','],
  ['semicolons, with decimal commas in the rows', 'a;b;c\n1,5;2,5;3,5\n1,5;2,5;3,5\n', ';'],
  ['tabs', 'a\tb\n1\t2\n', '\t'],
  ['bars', 'a|b\n1|2\n', '|'],
  ['commas, with semicolons in quotes', '"a;x;y","b;z;w"\n1,2\n', ','],
  ['semicolons, with a comma in one name of the header', 'a, or so;b;c\n1;2;3\n1;2;3\n', ';'],
  ['commas, with a quoted line end', 'a,b\n"1;\n;;",2\n', ','],
  ['nothing', 'a\n1\n', ','],
  ['nothing, as it is empty', '', ','],
])('a file of %s', (_what, text, delimiter) => {
  expect(dialectOf(text, true).delimiter).toBe(delimiter);
});

test('the last record of a sample may be cut off and does not count', () => {
  expect(dialectOf('a,b,c;d\n1,2,3;4\n1;', false).delimiter).toBe(',');
});

test.each([
  ['\n', '"a\r\nb",c\nd,e\r\n'],
  ['\r\n', 'a,b\r\nc,d\n'],
  ['\r', 'a,b\rc,d\r'],
  ['\n', 'a,b'],
])('lines end with %j as the first record does', (lineEnd, text) => {
  expect(dialectOf(text, true).lineEnd).toBe(lineEnd);
});
