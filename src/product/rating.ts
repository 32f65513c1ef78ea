import { cents } from '../domain/money.ts';
import type { Leaf, Nested } from '../domain/policy.ts';
import type { Rated } from './product.ts';
import { type Rate, share } from './rate.ts';

/** A row of the decision table: the first one whose conditions hold gives an element's net premium. */
export type TariffRow = {
  readonly up_to: number;
  readonly net: number;
  readonly when?: Readonly<Record<string, Leaf>>;
};

/** `each` names the priced leaf of every element: `protected_element.*.price`. */
export type Tariff = { readonly each: string; readonly table: readonly TariffRow[]; readonly tax: Rate };

/** The price of valid quote data: every element is rated by the table, the nets add up, and tax is taken once. */
export function compileTariff({ each, table, tax }: Tariff): (data: Nested) => Rated {
  const [group = '', leaf = ''] = each.split('.*.');
  return (data) => {
    let sum = 0;
    const elements = data[group] as Nested;
    for (const number in elements) {
      const price = (elements[number] as Nested)[leaf] as number;
      const row = table.find((row) => price <= row.up_to && holds(row, data));
      if (!row) return notInsurable(`quote.data.${group}.${number}.${leaf}`, price, table, data);
      sum += row.net;
    }
    const net = cents(sum);
    const taxed = cents(share(net, tax));
    return { ok: true, value: { net, tax: taxed, gross: cents(net + taxed) } };
  };
}

/** An absent answer is a no. */
function holds({ when }: TariffRow, data: Nested): boolean {
  if (!when) return true;
  for (const name in when) if ((data[name] ?? false) !== when[name]) return false;
  return true;
}

function notInsurable(path: string, price: number, table: readonly TariffRow[], data: Nested): Rated {
  const limits = table.filter((row) => holds(row, data)).map((row) => row.up_to);
  const reason =
    limits.length === 0
      ? 'the tariff has no price for what else was answered'
      : `the tariff ends at ${Math.max(...limits)}`;
  const message = `${path}: "${price}" cannot be insured: ${reason}`;
  return { ok: false, error: { code: 'not_insurable', path, value: price, message } };
}
