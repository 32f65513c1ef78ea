import { expect, test } from 'vitest';
import { credentialIn } from '../../../src/http/authentication/credential.ts';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

test.each([
  ['Bearer sk_test_abc', 'sk_test_abc'],
  ['bearer  sk_test_abc', 'sk_test_abc'],
  [basic('sk_test_abc:'), 'sk_test_abc'],
  [basic('sk_test_abc'), 'sk_test_abc'],
  [basic('sk_test_abc:a password'), undefined],
  [basic(':sk_test_abc'), undefined],
  ['Basic %%%', undefined],
  ['Bearer', undefined],
  ['Bearer two words', undefined],
  ['Digest username="a"', undefined],
  ['', undefined],
  [undefined, undefined],
])('%j holds %j', (header, credential) => expect(credentialIn(header)).toBe(credential));
