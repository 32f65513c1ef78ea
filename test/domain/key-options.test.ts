import { describe, expect, test } from 'vitest';
import { expiryOf, parseKeyOptions } from '../../src/domain/key-options.ts';

describe('an expiry', () => {
  test.each([
    ['2027-01-31', '2027-02-01T00:00:00Z'],
    ['2028-02-29', '2028-03-01T00:00:00Z'],
    ['2027-01-31T12:00:00Z', '2027-01-31T12:00:00Z'],
    ['2027-01-31t12:00:00.250z', '2027-01-31T12:00:00.250Z'],
    ['2027-01-31T12:00:00+01:00', '2027-01-31T11:00:00Z'],
  ])('%s ends at %s', (text, instant) => {
    expect(expiryOf(text)).toBe(Date.parse(instant));
  });

  test.each([
    '',
    'tomorrow',
    '31.01.2027',
    '2027-1-31',
    '2027-02-29',
    '2027-13-01',
    '2027-00-10',
    '2027-02-30T12:00:00Z',
    '2027-01-31T25:00:00Z',
    '2027-01-31T12:00:00',
    '2027-01-31T12:00:00+99:00',
    '2027-01-31 12:00:00Z',
    ' 2027-01-31',
    '1e9',
  ])('%j is refused', (text) => {
    expect(expiryOf(text)).toBeUndefined();
  });
});

describe('the options of authorized_keys', () => {
  const options = (text: string) => {
    const parsed = parseKeyOptions(text);
    return parsed.ok ? parsed.value : parsed.message;
  };

  test('from and expiry-time are read as sshd reads them', () => {
    expect(options('from="203.0.113.0/24,2001:db8::7",expiry-time="20270131120000Z"')).toEqual({
      from: ['203.0.113.0/24', '2001:db8::7/128'],
      expires_at: Date.parse('2027-01-31T12:00:00Z'),
    });
    expect(options('expiry-time="20270131Z"')).toEqual({
      from: [],
      expires_at: Date.parse('2027-01-31T00:00:00Z'),
    });
    expect(options('expiry-time="202701311230"')).toEqual({
      from: [],
      expires_at: new Date(2027, 0, 31, 12, 30).getTime(),
    });
  });

  test.each([
    'no-pty',
    'restrict',
    'command="x \\"y\\", z"',
    'cert-authority',
    'principals="a"',
    'FROM="10.0.0.1"',
  ])('%s would not be obeyed and is refused by name', (text) => {
    expect(options(text)).toContain(`The option ${text.split('=')[0]} before the key would not be obeyed`);
    expect(options(`from="10.0.0.1",${text}`)).toContain('would not be obeyed');
  });

  test.each(['from="*.example.com"', 'from="10.0.0.0/8,!10.1.1.1"', 'from=""', 'from'])(
    '%s is no network',
    (text) => {
      expect(options(text)).toContain('is no network');
    },
  );

  test.each(['20270230Z', '2027', '20270131250000Z', '2027013112Z', ''])(
    'expiry-time %s is no time',
    (value) => {
      expect(options(`expiry-time="${value}"`)).toContain(`expiry-time="${value}" is no time`);
    },
  );

  test.each([
    'from="10.0.0.1',
    'from=10.0.0.1',
    'from="10.0.0.1"x',
    ',',
    'from="10.0.0.1",',
    'from="10.0.0.1",,expiry-time="20270131"',
  ])('%s cannot be read', (text) => {
    expect(options(text)).toContain('cannot be read');
  });
});
