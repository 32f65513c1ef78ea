import { describe, expect, test } from 'vitest';
import { eligible, uploadable } from '../../src/inbox/names.ts';

describe('a name is eligible', () => {
  test.each([
    'tickets.csv',
    'TICKETS.CSV',
    'tickets.csv.gz',
    'tickets.Csv.GZ',
    'tickets.xlsx',
    'a.b.c.csv',
    'tickets (2).csv',
    'tickets.partial.csv',
    'tickets.csv.rejected.csv',
    'Prämien 2026.csv',
    'in.csv',
  ])('%s', (name) => expect(eligible(name)).toBe(true));
});

describe('a name is not eligible, because it is temporary, a sidecar or another kind of file', () => {
  test.each([
    '.csv',
    '.hidden.csv',
    '.in.tickets.csv',
    '.giosaveA1B2C3',
    '.goutputstream-X.csv',
    '.sftpgo-upload.1.tickets.csv',
    'tickets.in.csv',
    '~$tickets.xlsx',
    ...['filepart', 'partial', 'part', 'tmp', 'temp', 'writing', 'uploading', 'incomplete'].map(
      (mark) => `tickets.csv.${mark}`,
    ),
    ...['crdownload', 'swp', 'rclonelink', 'prg', 'done', 'ok', 'md5', 'sha1', 'sha256', 'ctl'].map(
      (mark) => `tickets.csv.${mark}`,
    ),
    'tickets.csv~',
    'tickets.csv.1a2b3c4d.partial',
    'tickets.csv.in.',
    'tickets.csv-x7Kd2',
    'tickets.txt',
    'tickets.csv.zip',
    'tickets.gz',
    'tickets.xls',
    'csv',
    'ticketscsv',
    'tickets.csv\n',
  ])('%j', (name) => expect(eligible(name)).toBe(false));
});

describe('a file may be called', () => {
  test.each([
    'tickets.csv',
    'no extension',
    '日本語.csv',
    '🎫.csv',
    '-rf',
    "';--.csv",
    '%2e%2e',
    '\\',
    'ü'.repeat(127),
  ])('%s', (name) => expect(uploadable(name)).toMatchObject({ ok: true }));
});

describe('a file may not be called', () => {
  test.each([
    ['', 'needs a name'],
    ['.', 'needs a name'],
    ['..', 'needs a name'],
    ['a/b', 'needs a name'],
    ['a\0.csv', 'cannot be printed'],
    ['a\n.csv', 'cannot be printed'],
    ['\x1b[31m.csv', 'cannot be printed'],
    ['a\x7f', 'cannot be printed'],
    ['a\x9b2J', 'cannot be printed'],
    ['a\u2028b', 'cannot be printed'],
    ['\ud800.csv', 'cannot be printed'],
    ['ü'.repeat(128), '256 bytes'],
  ])('%j', (name, why) => {
    expect(uploadable(name)).toMatchObject({ code: 'not_allowed', message: expect.stringContaining(why) });
  });
});
