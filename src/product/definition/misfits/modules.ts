import type { Field } from '../../product.ts';
import type { Definition } from '../definition.ts';
import type { Mistake } from '../mistake.ts';
import { isAlwaysThere, type Known } from './known.ts';

/** What does not fit between modules, and in the period of cover. */
export function moduleMisfits(definition: Definition, modules: readonly Known[]): Mistake[] {
  return [
    ...integrationMisfits(modules),
    ...endMisfits(definition),
    ...modules.flatMap((known) => [...dateMisfits(definition, known), ...ratedMisfits(definition, known)]),
  ];
}

function integrationMisfits(modules: readonly Known[]): Mistake[] {
  const integrations = modules.map(({ module }) => module.integration);
  return modules.flatMap(({ name, module: { integration } }, at) =>
    integrations.indexOf(integration) === at
      ? []
      : [{ path: ['modules', name, 'integration'], message: `${integration} is another module's` }],
  );
}

function endMisfits({ period_of_cover: { end, lasts } }: Definition): Mistake[] {
  const path = ['period_of_cover'];
  if (end && lasts)
    return [{ path: [...path, 'lasts'], ofName: true, message: 'write end or lasts, not both' }];
  if (!end && !lasts) return [{ path, message: 'write end, or how long it lasts' }];
  const none = lasts && Object.values(lasts).every((count) => count === 0);
  return none ? [{ path: [...path, 'lasts'], message: 'write a time of at least a day' }] : [];
}

function dateMisfits({ period_of_cover: { start, end = [] }, policy }: Definition, known: Known): Mistake[] {
  const paths = [
    { path: ['period_of_cover', 'start'], date: start },
    ...end.map((date, at) => ({ path: ['period_of_cover', 'end', String(at)], date })),
  ];
  return paths.flatMap(({ path, date }) => {
    const field = known.fields.get(date);
    const schema = date.startsWith('quote.data.') ? known.module.quote : policy;
    const below = date.replace(/^(quote\.data|policy)\./, '');
    if (isDate(field) && !date.includes('*') && isAlwaysThere(schema, below)) return [];
    return [{ path, message: `${date} is no required date of module ${known.name}` }];
  });
}

function ratedMisfits({ tariff }: Definition, { name, module: { quote, rated }, fields }: Known): Mistake[] {
  const path = ['modules', name, 'rated'];
  if (tariff.parts) {
    if (rated === undefined) return [];
    return [{ path, ofName: true, message: 'remove it: the parts of the tariff say what they are read by' }];
  }
  if (!tariff.table) return [];
  if (rated === undefined) {
    return [
      {
        path: ['modules', name],
        message: '"rated" is missing: by which leaf of the quote the table of the tariff is read',
      },
    ];
  }
  const isThere = fields.get(`quote.data.${rated}`)?.type === 'integer' && isAlwaysThere(quote, rated);
  return isThere ? [] : [{ path, message: `the quote has no required whole number ${rated}` }];
}

function isDate(field: Field | undefined): boolean {
  return field?.type === 'date';
}
