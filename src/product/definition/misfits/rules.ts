import { elementsOf } from '../../elements.ts';
import { pathsOf, type Rule } from '../../rules.ts';
import type { Definition } from '../definition.ts';
import type { Mistake } from '../mistake.ts';
import { conditionMisfits, isBound, type Known, unbound } from './known.ts';

const RELATIONS = ['not_before', 'not_after', 'within', 'at_least', 'at_most', 'required_when'] as const;

/** Rules about fields that are not there, or that cannot be compared. */
export function ruleMisfits({ rules = [] }: Definition, modules: readonly Known[]): Mistake[] {
  return rules.flatMap((rule, at) => {
    const place = ['rules', String(at)];
    const said = RELATIONS.filter((relation) => rule[relation] !== undefined);
    if (said.length !== 1)
      return [{ path: place, message: `write one of ${RELATIONS.join(', ')} beside field` }];
    return modules.flatMap((known) => misfitsIn(rule, known, place));
  });
}

function misfitsIn(rule: Rule, known: Known, place: readonly string[]): Mistake[] {
  const each = elementsOf(rule.field);
  if (rule.required_when) {
    const conditions = { begin: '', each, known, place: [...place, 'required_when'] };
    return [
      ...fieldMisfit(rule.field, undefined, known, [...place, 'field']),
      ...conditionMisfits(rule.required_when, conditions),
    ];
  }
  const [field = '', other = ''] = pathsOf(rule);
  const types = rule.at_least === undefined && rule.at_most === undefined ? ['date'] : ['integer', 'number'];
  const otherPlace = rule.within
    ? ['within', 'after']
    : RELATIONS.filter((relation) => rule[relation] !== undefined);
  return [
    ...fieldMisfit(field, types, known, [...place, 'field']),
    ...fieldMisfit(other, types, known, [...place, ...otherPlace]),
    ...(isBound(other, each) ? [] : [{ path: [...place, ...otherPlace], message: unbound(other, each) }]),
  ];
}

function fieldMisfit(
  path: string,
  types: readonly string[] | undefined,
  known: Known,
  place: readonly string[],
): Mistake[] {
  const field = known.fields.get(path);
  if (!field) return [{ path: place, message: `module ${known.name} has no field ${path}` }];
  if (!types || types.includes(field.type)) return [];
  return [
    {
      path: place,
      message: `${path} is of type ${field.type}: only fields of type ${types.join(' or ')} can be compared so`,
    },
  ];
}
