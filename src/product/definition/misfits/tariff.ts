import type { Field } from '../../product.ts';
import { schemaAt } from '../../schema.ts';
import type { BaseRow, Factor, Part } from '../../tariff/form.ts';
import type { Band } from '../../tariff/table.ts';
import type { Definition } from '../definition.ts';
import type { Mistake } from '../mistake.ts';
import { conditionMisfits, isAlwaysThere, isBound, type Known, unbound } from './known.ts';
import { unreachableRows } from './unreachable-rows.ts';

type Place = readonly string[];
/** What a table or factor of a part is looked at with. */
type At = { readonly known: Known; readonly each: string | undefined; readonly place: Place };

/** A tariff that reads fields that are not there, or holds rows that are never used. */
export function tariffMisfits(definition: Definition, modules: readonly Known[]): Mistake[] {
  const { tariff } = definition;
  const path = ['tariff'];
  if (tariff.table && tariff.parts) {
    return [{ path: [...path, 'parts'], ofName: true, message: 'write a table or parts, not both' }];
  }
  if (tariff.table) {
    const { table } = tariff;
    const place = [...path, 'table'];
    return [
      ...unreachableRows(table, place),
      ...modules.flatMap((known) => rowConditionMisfits(table, { known, each: undefined, place })),
    ];
  }
  if (!tariff.parts) return [{ path, message: 'write a table, or parts' }];
  return tariff.parts.flatMap((part, at) =>
    partMisfits(part, definition, modules, [...path, 'parts', String(at)]),
  );
}

function partMisfits(part: Part, definition: Definition, modules: readonly Known[], place: Place): Mistake[] {
  const { base, factors = [], each } = part;
  const factorPlace = (at: number) => [...place, 'factors', String(at)];
  return [
    ...unreachableRows(base.table, [...place, 'base', 'table']),
    ...base.table.flatMap((row, at) => baseRowMisfits(row, base.by, [...place, 'base', 'table', String(at)])),
    ...factors.flatMap((factor, at) => factorFormMisfits(factor, definition, factorPlace(at))),
    ...modules.flatMap((known) => {
      if (each !== undefined && schemaAt(known.module.quote, each.split('.'))?.type !== 'object') {
        return [
          { path: [...place, 'each'], message: `the quote of module ${known.name} has no elements ${each}` },
        ];
      }
      return [
        ...tableMisfits(base.by, base.table, ['integer'], { known, each, place: [...place, 'base'] }),
        ...factors.flatMap((factor, at) => factorMisfits(factor, { known, each, place: factorPlace(at) })),
      ];
    }),
  ];
}

function baseRowMisfits({ net, rate, up_to }: BaseRow, by: string | undefined, place: Place): Mistake[] {
  if ((net === undefined) === (rate === undefined)) return [{ path: place, message: 'write net or rate' }];
  if (by !== undefined) return [];
  if (rate !== undefined)
    return [
      {
        path: [...place, 'rate'],
        ofName: true,
        message: 'say with by, beside the table, of which field it is the rate',
      },
    ];
  return up_to === undefined ? [] : [noBy(place)];
}

function noBy(place: Place): Mistake {
  return {
    path: [...place, 'up_to'],
    ofName: true,
    message: 'say with by, beside the table, which field is meant',
  };
}

/** Whether the parts of a factor belong together, whatever the module. */
function factorFormMisfits(
  { by, table, values, days_of_cover }: Factor,
  definition: Definition,
  place: Place,
): Mistake[] {
  const kinds = [table, values, days_of_cover].filter((kind) => kind !== undefined);
  if (kinds.length !== 1) return [{ path: place, message: 'write one of table, values, days_of_cover' }];
  if (values && by === undefined)
    return [{ path: place, message: '"by" is missing: say which field has these values' }];
  if (days_of_cover !== undefined) {
    if (by !== undefined)
      return [{ path: [...place, 'by'], ofName: true, message: 'remove it: the days of cover are counted' }];
    const { start, end = [] } = definition.period_of_cover;
    const later = [start, ...end].find((path) => !path.startsWith('quote.data.'));
    if (later === undefined) return [];
    return [
      {
        path: [...place, 'days_of_cover'],
        ofName: true,
        message: `a quote cannot know ${later}: let cover begin and end by fields of the quote`,
      },
    ];
  }
  const rows = table ?? [];
  const bare = by === undefined ? rows.findIndex((row) => row.up_to !== undefined) : -1;
  return [
    ...unreachableRows(rows, [...place, 'table']),
    ...(bare === -1 ? [] : [noBy([...place, 'table', String(bare)])]),
  ];
}

function factorMisfits({ by, table, values }: Factor, at: At): Mistake[] {
  if (values && by !== undefined) return valuesMisfits(by, values, at);
  return table ? tableMisfits(by, table, ['integer', 'number'], at) : [];
}

function tableMisfits(
  by: string | undefined,
  rows: readonly Band[],
  types: readonly Field['type'][],
  at: At,
): Mistake[] {
  const conditions = rowConditionMisfits(rows, { ...at, place: [...at.place, 'table'] });
  return by === undefined ? conditions : [...byMisfits(by, types, at), ...conditions];
}

function rowConditionMisfits(rows: readonly Band[], { known, each, place }: At): Mistake[] {
  return rows.flatMap(({ when = {} }, row) =>
    conditionMisfits(when, {
      begin: 'quote.data.',
      each: each && `quote.data.${each}`,
      known,
      place: [...place, String(row), 'when'],
    }),
  );
}

function byMisfits(by: string, types: readonly Field['type'][], { known, each, place }: At): Mistake[] {
  const path = [...place, 'by'];
  const field = known.fields.get(`quote.data.${by}`);
  if (!field) return [{ path, message: `module ${known.name} has no field quote.data.${by}` }];
  if (!isBound(by, each)) return [{ path, message: unbound(by, each) }];
  if (!types.includes(field.type))
    return [{ path, message: `${by} is of type ${field.type}: a table is read by a number` }];
  if (!isAlwaysThere(known.module.quote, by))
    return [{ path, message: `${by} may be missing: make it required` }];
  const least = schemaAt(known.module.quote, by.split('.'))?.minimum ?? -1;
  return least < 0 ? [{ path, message: `${by} may be below 0: give it a minimum` }] : [];
}

/** A value without a factor would be a price that nobody can be told. */
function valuesMisfits(
  by: string,
  values: Readonly<Record<string, string>>,
  { known, each, place }: At,
): Mistake[] {
  const field = known.fields.get(`quote.data.${by}`);
  const path = [...place, 'by'];
  if (!field) return [{ path, message: `module ${known.name} has no field quote.data.${by}` }];
  if (!isBound(by, each)) return [{ path, message: unbound(by, each) }];
  const isYesOrNo = field.type === 'boolean';
  const possible = isYesOrNo ? ['true', 'false'] : (field.values ?? []).map(String);
  if (possible.length === 0)
    return [{ path, message: `${by} has no enum: list the values that it may have` }];
  if (!isYesOrNo && !isAlwaysThere(known.module.quote, by)) {
    return [{ path, message: `${by} may be missing: make it required` }];
  }
  const missing = possible.filter((value) => !Object.hasOwn(values, value));
  const never = Object.keys(values).filter((value) => !possible.includes(value));
  return [
    ...missing.map((value) => ({ path: [...place, 'values'], message: `there is no factor for ${value}` })),
    ...never.map(
      (value): Mistake => ({
        path: [...place, 'values', value],
        ofName: true,
        message: `${by} is never "${value}": write one of ${possible.join(', ')}`,
      }),
    ),
  ];
}
