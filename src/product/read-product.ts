import { ok, type Result, refused } from '../domain/refusal.ts';
import { compileProduct } from './compile.ts';
import { type Definition, parseDefinition } from './definition.ts';

/** A definition that can be published: well formed, and its parts fit together. `name` is the file's, for the messages. */
export function readProduct(text: string, name: string): Result<Definition, 'invalid_definition'> {
  const definition = parseDefinition(text, name);
  if (!definition.ok) return definition;
  try {
    compileProduct(definition.value, 1);
  } catch (error) {
    return refused('invalid_definition', `${name}: ${(error as Error).message}`);
  }
  return ok(definition.value);
}
