import type { Leaf, Policy } from '../domain/policy.ts';
import type { Said } from '../product/certificate.ts';
import { isDate } from '../product/dates.ts';
import type { Definition } from '../product/definition/definition.ts';
import { compileRead, type Element } from '../product/elements.ts';
import { type Placeholder, piecesOf } from '../product/placeholders.ts';
import { wording } from './wording.ts';

/** A text with its placeholders filled in; empty when it had some and none of them has a value. */
export type Filled = { readonly text: string; readonly isEmpty: boolean };

/** What else a line of the table knows: its number, and words for values. */
type Line = { readonly n?: number; readonly words?: Readonly<Record<string, Said>> | undefined };

/** The function that fills a text in, in one language. */
export function filler(
  policy: Policy,
  definition: Definition,
  language: string,
): (said: Said, element: Element, line?: Line) => Filled {
  const words = wording(language, policy.premium.currency);
  const facts = factsOf(policy, definition, words);
  const spoken = (said: Said) => (typeof said === 'string' ? said : (said[language] ?? ''));

  function valueIn({ name, amount }: Placeholder, element: Element, line: Line): string {
    if (name === 'n') return String(line.n ?? '');
    const fact = facts.get(name);
    if (fact !== undefined) return fact;
    const leaf = compileRead(name)(element);
    if (leaf === undefined) return '';
    const said = line.words?.[String(leaf)];
    if (said !== undefined) return spoken(said);
    return shown(leaf, amount, words);
  }

  return (said, element, line = {}) => {
    const pieces = piecesOf(spoken(said));
    const filled = pieces.map((piece) => (typeof piece === 'string' ? piece : valueIn(piece, element, line)));
    const values = filled.filter((_, at) => typeof pieces[at] !== 'string');
    return { text: filled.join(''), isEmpty: values.length > 0 && values.every((value) => value === '') };
  };
}

function factsOf(
  policy: Policy,
  definition: Definition,
  words: ReturnType<typeof wording>,
): ReadonlyMap<string, string> {
  const { premium } = policy;
  return new Map([
    ['policy_number', policy.policy_number],
    ['product', definition.name],
    ['insurer', definition.insurer],
    ['region', definition.region],
    ['start_date', words.date(policy.start_date)],
    ['end_date', words.date(policy.end_date)],
    ['issued_on', words.date(new Date(policy.created_at).toISOString().slice(0, 10))],
    ['net', words.amount(premium.net)],
    ['tax', words.amount(premium.tax)],
    ['gross', words.amount(premium.gross)],
    ['tax_rate', words.share(definition.premium_tax)],
  ]);
}

function shown(leaf: Leaf, amount: boolean, words: ReturnType<typeof wording>): string {
  if (typeof leaf === 'number') return amount ? words.amount(leaf) : words.number(leaf);
  if (typeof leaf === 'string' && isDate(leaf)) return words.date(leaf);
  return String(leaf);
}
