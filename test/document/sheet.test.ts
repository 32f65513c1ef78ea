import { describe, expect, test } from 'vitest';
import { sheetOf } from '../../src/document/sheet.ts';
import type { Definition } from '../../src/product/definition/definition.ts';
import { TRAVEL } from '../product/travel.ts';
import { POLICY } from './a-policy.ts';

const lines = (policy = POLICY, language = 'de', definition: Definition = TRAVEL) =>
  sheetOf(policy, definition, language).lines.map(({ label, value }) =>
    `${label}: ${value}`.replaceAll('\u00a0', ' '),
  );

describe('the texts of a certificate', () => {
  test('are those of the product in the language that is asked for, with dates and amounts as usual in it', () => {
    expect(lines()).toEqual([
      'Versicherungsnummer: RV-000000042',
      'Buchung: AT204815',
      'Reisebüro: Reisebüro Sonnenschein',
      'Versichert: 6. Februar 2027 bis 13. Februar 2027',
      'Reiseziel: Europa',
      '1. Reisende Person: Zoë Müller, 34 Jahre',
      'Reisepreis: 1.840,00 €',
      'Selbstbehalt: 10 %',
      'Prämie ohne Steuer: 74,65 €',
      'Versicherungssteuer (11 %): 8,21 €',
      'Gesamtprämie: 82,86 €',
    ]);
    expect(lines(POLICY, 'en')).toContain('Insured: 6 February 2027 to 13 February 2027');
    expect(lines(POLICY, 'en')).toContain('Premium: €82.86');
  });

  test('have a line for each element, and none for what is absent', () => {
    const traveller = { '0': { name: 'Zoë', age: 34 }, '4': { name: 'Ben', age: 9 } };
    const policy_data = { booking_number: 'AT204815', booking_date: '2026-11-30' };
    const shown = lines({ ...POLICY, policy_data, quote_data: { ...POLICY.quote_data, traveller } }, 'en');
    expect(shown.filter((line) => line.startsWith('Traveller'))).toEqual([
      'Traveller 1: Zoë, aged 34',
      'Traveller 2: Ben, aged 9',
    ]);
    expect(shown.filter((line) => line.startsWith('Travel agency'))).toEqual([]);
  });

  test('hold nothing but what was asked: braces in a name are no placeholder', () => {
    const policyholder = { ...POLICY.policyholder, first_name: '{gross}', last_name: '$& \\1' };
    expect(sheetOf({ ...POLICY, policyholder }, TRAVEL, 'en').paragraphs[0]).toBe('Dear {gross} $& \\1,');
  });

  test('are plain ones where the product describes none', () => {
    const { certificate: _none, ...plain } = TRAVEL;
    expect(lines(POLICY, 'en', plain)).toEqual([
      'Product: Travel insurance',
      'Policy number: RV-000000042',
      'Policyholder: Zoë Müller',
      'First day of cover: 6 February 2027',
      'Last day of cover: 13 February 2027',
      'Premium before tax: €74.65',
      'Insurance tax (11%): €8.21',
      'Premium: €82.86',
    ]);
  });
});

test('a certificate that proves nothing says so across the page', () => {
  const markOf = (policy: typeof POLICY) => sheetOf(policy, TRAVEL, 'de').mark;
  expect(markOf(POLICY)).toBeUndefined();
  expect(markOf({ ...POLICY, mode: 'test' })).toBe('TEST');
  expect(markOf({ ...POLICY, status: 'cancelled' })).toBe('STORNIERT');
});
