import { describe, expect, test } from 'vitest';
import type { Mode } from '../../src/domain/mode.ts';
import { checkUrl } from '../../src/webhooks/url.ts';

const check = (url: string, modes: readonly Mode[] = ['test', 'live'], allow: readonly string[] = []) =>
  checkUrl(url, { modes, allow });

describe('the URL of an endpoint', () => {
  test.each([
    ['https://acme.example/hooks', 'https://acme.example/hooks'],
    ['HTTPS://Acme.Example:443', 'https://acme.example/'],
    ['https://münchen.example/', 'https://xn--mnchen-3ya.example/'],
    ['https://8.8.8.8:8443/a?b=c', 'https://8.8.8.8:8443/a?b=c'],
  ])('%s is taken', (url, canonical) => {
    expect(check(url)).toEqual({ ok: true, value: canonical });
  });

  test.each([
    ['acme.example/hooks', 'is not a URL'],
    ['', 'is not a URL'],
    [`https://acme.example/${'a'.repeat(2000)}`, 'is not a URL'],
    ['https://[fe80::1%25eth0]/', 'is not a URL'],
    ['https://999.1.1.1/', 'is not a URL'],
    ['https://:secret@acme.example/', 'user name or password'],
    ['ftp://acme.example/', 'https:// URLs'],
    ['file:///etc/passwd', 'https:// URLs'],
    ['javascript:alert(1)', 'https:// URLs'],
    ['https://user:secret@acme.example/', 'user name or password'],
    ['https://user@acme.example/', 'user name or password'],
    ['http://acme.example/', 'https:// only'],
  ])('%s is refused, with what to do', (url, message) => {
    expect(check(url)).toMatchObject({
      ok: false,
      code: 'invalid_url',
      message: expect.stringContaining(message),
    });
  });

  test.each([
    'https://127.0.0.1/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://127.0.0.1./',
    'https://①②⑦.0.0.1/',
    'https://0.0.0.0/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[fe80::1]/',
    'https://[::127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://168.63.129.16/',
    'https://017700000001/',
    'https://127。0。0。1/',
    'https://%31%32%37.0.0.1/',
  ])('%s is refused in every spelling', (url) => {
    expect(check(url)).toMatchObject({ ok: false, message: expect.stringContaining('webhooks.allow') });
  });

  test('may be plain http for test events', () => {
    expect(check('http://acme.example/', ['test'])).toMatchObject({ ok: true });
  });

  test('may be plain http, and live, where the operator allows the private network', () => {
    expect(check('http://10.0.0.7/', ['live'], ['10.0.0.0/8'])).toMatchObject({ ok: true });
    expect(check('http://[::1]:8080/', ['live'], ['::1/128'])).toMatchObject({ ok: true });
    expect(check('http://8.8.8.8/', ['live'], ['10.0.0.0/8'])).toMatchObject({ ok: false });
  });

  test('with a password is not repeated in the refusal', () => {
    expect(JSON.stringify(check('https://user:hunter2@acme.example/'))).not.toContain('hunter2');
  });
});
