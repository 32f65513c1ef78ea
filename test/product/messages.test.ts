import { describe, expect, test } from 'vitest';
import type { Leaf, Nested } from '../../src/domain/policy.ts';
import { REJECTION_CODES } from '../../src/domain/rejection-codes.ts';
import { coerce } from '../../src/product/coercion.ts';
import type { Field, FieldError, FieldType, Integration } from '../../src/product/product.ts';
import { purchase } from '../../src/purchase/purchase.ts';
import { expectGolden } from '../import/golden.ts';
import { banded, POLICY, QUOTE, single } from './shipped.ts';

const SINGLE_QUOTE = { policy_start_date: '2022-11-11', max_ticket_price: { '1': { single_banded: 5000 } } };

/** What partners write into cells of each type, good and bad. */
const TRIED: Readonly<Record<FieldType, readonly string[]>> = {
  date: ['', '2022-11-31', '2023-02-29', '31.12.2022', 'soon'],
  integer: ['', '30,00', '0x10', '-1', '1000000'],
  number: [],
  boolean: ['', 'yes', 'TRUE'],
  string: ['', 'a b!', 'x'.repeat(1001)],
};

/** What is said when the field's cell holds `text` in an else good row. */
function said(integration: Integration, quote: Nested, { path, type }: Field, text: string): string {
  const column = path.replace('*', '1');
  const value = text === '' ? undefined : coerce({ type, accepts: [] }, text);
  if (value && !value.ok) return `${value.code}: ${column}: ${value.message}`;
  const data = { quote: { data: structuredClone(quote) }, policy: structuredClone(POLICY) };
  put(data, column.split('.'), value?.value);
  const bought = purchase({ integration, quoteData: data.quote.data, policy: data.policy });
  return bought.ok ? 'taken' : bought.errors.map(({ code, message }) => `${code}: ${message}`).join('; ');
}

function put(node: Nested, [name = '', ...rest]: readonly string[], value: Leaf | undefined): void {
  if (rest.length > 0) put(node[name] as Nested, rest, value);
  else if (value === undefined) delete node[name];
  else node[name] = value;
}

test('every field explains itself', () => {
  const singles = single.fields.filter((field) => field.path.startsWith('quote.'));
  const linesOf = (integration: Integration, quote: Nested, fields: readonly Field[]) =>
    fields.flatMap((field) =>
      TRIED[field.type].map(
        (text) => `${field.path} = "${text}"\n  ${said(integration, quote, field, text)}`,
      ),
    );
  const lines = [...linesOf(banded, QUOTE, banded.fields), ...linesOf(single, SINGLE_QUOTE, singles)];
  const table = `${lines.join('\n')}\n`.replaceAll('x'.repeat(1001), 'xxx…');
  expectGolden('../product/messages.txt', table);
  for (const [, code] of table.matchAll(/^ {2}(\w+):/gm)) expect(REJECTION_CODES).toContain(code);
});

describe('a quote', () => {
  const messages = (data: Nested) => banded.checkQuote(data).map((error) => error.message);

  test('that is good has no errors, in either module', () => {
    expect(banded.checkQuote(QUOTE)).toEqual([]);
    expect(single.checkQuote(SINGLE_QUOTE)).toEqual([]);
  });

  test('names the leaf that is missing in a group', () => {
    const needed = ['quote.data.protected_element.*.price is missing: at least one element is needed'];
    expect(messages({ policy_start_date: '2022-11-11' })).toEqual(needed);
    expect(messages({ policy_start_date: '2022-11-11', protected_element: {} })).toEqual(needed);
    expect(messages({ policy_start_date: '2022-11-11', protected_element: { '7': {} } })).toEqual([
      'quote.data.protected_element.7.price is missing',
    ]);
  });

  test.each<[string, Nested]>([
    ['colour', { colour: 'red' }],
    ['max_ticket_price', { max_ticket_price: { '1': { single_banded: 5000 } } }],
    ['__proto__', JSON.parse('{"__proto__":{"price":1}}')],
    ['constructor', JSON.parse('{"constructor":"x"}')],
    ['toString', JSON.parse('{"toString":1}')],
  ])('refuses the field %s, which there is not', (name, more) => {
    expect(banded.checkQuote({ ...QUOTE, ...own(more) })).toEqual([unknownField(`quote.data.${name}`)]);
  });

  test.each(['50', '-1', '01', '1.5', 'x', '__proto__'])('refuses an element of the number %s', (number) => {
    const elements = JSON.parse(`{"1":{"price":3000},"${number}":{"price":3000}}`);
    const path = `quote.data.protected_element.${number}`;
    expect(banded.checkQuote({ ...QUOTE, protected_element: elements })).toEqual([unknownField(path)]);
  });

  test('takes 50 elements', () => {
    const elements = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [i, { price: i }]));
    expect(messages({ ...QUOTE, protected_element: elements })).toEqual([]);
  });
});

describe('a policy', () => {
  const errors = (policy: Nested) => banded.checkPolicy({ ...POLICY, ...policy });

  test.each(['nick.malone@com', "o'neill@example.co.uk", 'a@b', 'a+b@c.de', 'x@1.2', '.a..b.@c', 'a@b-c.d'])(
    '%s is an e-mail address, as in browsers',
    (email) => {
      expect(errors({ email })).toEqual([]);
    },
  );

  test.each([
    'nick',
    '@com',
    'nick@',
    'a@b@c',
    'a b@c.de',
    'a@b_c.de',
    'a@-b.de',
    'a@b-.de',
    'a@b..de',
    'a@b.de.',
    'a@b.de\n',
    'müller@b.de',
    'a@müller.de',
    '"a b"@c.de',
    `a@${'b'.repeat(64)}.de`,
    `${'a'.repeat(250)}@b.de`,
  ])('%j is none, as in browsers', (email) => {
    const message = `policy.email: "${email}" is not an e-mail address`;
    expect(errors({ email })).toEqual([
      { code: 'invalid_email', path: 'policy.email', value: email, message },
    ]);
  });

  test.each(['en', 'de', 'lv', 'zh'])('%s is a language', (language) => {
    expect(errors({ language })).toEqual([]);
  });

  test.each(['EN', 'xx', 'eng', 'en-GB', 'english', 'e'])('%s is none', (language) => {
    expect(errors({ language })).toMatchObject([{ code: 'invalid_language', path: 'policy.language' }]);
  });

  test('without anything is told of every required field at once', () => {
    const missing = banded.checkPolicy({ data: {} }).map((error) => error.path);
    const required = banded.fields.filter((field) => field.required && field.path.startsWith('policy.'));
    expect(missing.sort()).toEqual(required.map((field) => field.path).sort());
    expect(missing).toHaveLength(4 + 16);
  });

  test.each<[unknown, string]>([
    [{ toString: 1, valueOf: 1 }, '"{"toString":1,"valueOf":1}" is not of type string'],
    [null, '"null" is not of type string'],
    [['a'], '"["a"]" is not of type string'],
    [7, '"7" is not of type string'],
  ])('with the JSON value %j for a name is refused', (first_name, reason) => {
    const [error] = errors({ first_name: first_name as Leaf });
    expect(error).toMatchObject({ code: 'invalid_type', message: `policy.first_name: ${reason}` });
  });
});

/** A copy by spreading would make a member `__proto__` the prototype. */
function own(more: Nested): Nested {
  return Object.defineProperties({}, Object.getOwnPropertyDescriptors(more));
}

function unknownField(path: string): FieldError {
  return { code: 'unknown_field', path, value: undefined, message: `${path}: there is no such field` };
}
