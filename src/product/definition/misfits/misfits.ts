// What JSON Schema cannot say of a definition: whether its parts fit together. What is found here would otherwise
// be a wrong price, or a row that fails for ever.
import type { Definition } from '../definition.ts';
import type { Mistake } from '../mistake.ts';
import { certificateMisfits } from './certificate.ts';
import { fieldMisfits } from './fields.ts';
import { knownModules } from './known.ts';
import { moduleMisfits } from './modules.ts';
import { ruleMisfits } from './rules.ts';
import { tariffMisfits } from './tariff.ts';

/**
 * All that does not fit; places in fields are those of the definition as it was `written`. While fields are wrong, what refers to them is
 * not looked at: it would only say the same again.
 */
export function misfitsOf(definition: Definition, written: Definition): Mistake[] {
  const ofFields = fieldMisfits(written);
  if (ofFields.length > 0) return ofFields;
  const modules = knownModules(definition);
  return [
    ...moduleMisfits(definition, modules),
    ...ruleMisfits(definition, modules),
    ...tariffMisfits(definition, modules),
    ...certificateMisfits(definition, modules),
  ];
}
