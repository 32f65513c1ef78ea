// Texts of a certificate name what differs from policy to policy in braces: {gross}, {policy.first_name}, {policy.data.price:amount}.
import type { Said } from './certificate.ts';
import { elementsOf } from './elements.ts';

/** What every policy has, beside its fields. */
export const FACTS = [
  'policy_number',
  'product',
  'insurer',
  'region',
  'start_date',
  'end_date',
  'issued_on',
  'net',
  'tax',
  'gross',
  'tax_rate',
  'n', // of a line for each element: its number from 1
] as const;

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** A placeholder: the name of a fact or the path of a field; `amount` shows whole cents as money. */
export type Placeholder = { readonly name: string; readonly amount: boolean };

/** The texts and placeholders of a text in turn; it begins and ends with a text. */
export function piecesOf(text: string): readonly (string | Placeholder)[] {
  return text.split(PLACEHOLDER).map((piece, at) => {
    if (at % 2 === 0) return piece;
    const name = piece.replace(/:amount$/, '');
    return { name, amount: name !== piece };
  });
}

/** The placeholders of a text in all its languages. */
export function placeholdersOf(said: Said): readonly Placeholder[] {
  const texts = typeof said === 'string' ? [said] : Object.values(said);
  return texts.flatMap(piecesOf).filter((piece) => typeof piece !== 'string');
}

/** The elements for each of which a line stands; undefined for one line only. */
export function elementsIn(said: readonly Said[]): readonly string[] {
  const names = said.flatMap(placeholdersOf).map(({ name }) => elementsOf(name));
  return [...new Set(names.filter((elements) => elements !== undefined))];
}
