import { ok, type Result, refused } from '../domain/refusal.ts';
import { compileProduct } from './compile.ts';
import { misfitsOf } from './consistency.ts';
import { type Definition, parseDefinition } from './definition.ts';

/** A definition that can be published: well formed, and its parts fit together. `name` is the file's, for the messages. */
export function readProduct(text: string, name: string): Result<Definition, 'invalid_definition'> {
  const definition = parseDefinition(text, name);
  if (!definition.ok) return definition;
  const misfits = misfitsOf(definition.value);
  if (misfits.length > 0) {
    return refused('invalid_definition', misfits.map((misfit) => `${name}: ${misfit}`).join('\n'));
  }
  try {
    compileProduct(definition.value, 1); // Ajv refuses by throwing, and is stricter than our schema of schemas
  } catch (error) {
    return refused('invalid_definition', `${name}: ${(error as Error).message}`);
  }
  return ok(definition.value);
}
