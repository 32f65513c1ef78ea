import { ok, type Result, refused } from '../domain/refusal.ts';
import { compileProduct } from './compile.ts';
import { misfitsOf } from './consistency.ts';
import { type Definition, parseDefinition } from './definition.ts';
import type { Integration } from './product.ts';

/** A definition that can be published: well formed, and its parts fit together. `name` is the file's, for the messages. */
export function readProduct(text: string, name: string): Result<Definition, 'invalid_definition'> {
  const definition = parseDefinition(text, name);
  if (!definition.ok) return definition;
  const misfits = misfitsOf(definition.value);
  if (misfits.length > 0) {
    return refused('invalid_definition', misfits.map((misfit) => `${name}: ${misfit}`).join('\n'));
  }
  try {
    // Ajv refuses by throwing, and is stricter than our schema of schemas.
    const bad = compileProduct(definition.value, 1).flatMap(badExamples);
    if (bad.length === 0) return ok(definition.value);
    return refused('invalid_definition', [...new Set(bad)].map((misfit) => `${name}: ${misfit}`).join('\n'));
  } catch (error) {
    return refused('invalid_definition', `${name}: ${(error as Error).message}`);
  }
}

/** An example that its own field refuses would stand in every template. */
function badExamples({ fields, allows }: Integration): string[] {
  return fields.flatMap(({ path, example }) => {
    const isGood = example === undefined || allows(path.replaceAll('*', '1'))(example);
    return isGood ? [] : [`${path}: examples: ${JSON.stringify(example)} is not allowed by the field itself`];
  });
}
