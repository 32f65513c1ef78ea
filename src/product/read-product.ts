import { ok, type Result, refused } from '../domain/refusal.ts';
import { compileProduct } from './compile.ts';
import { type Definition, problemsOf, readDefinition } from './definition/definition.ts';
import { misfitsOf } from './definition/misfits/misfits.ts';

/**
 * A definition that can be published: well formed, and its parts fit together. Otherwise a line for each mistake: `name`, line, column,
 * the part that is wrong, and what to write.
 */
export function readProduct(text: string, name: string): Result<Definition, 'invalid_definition'> {
  const read = readDefinition(text, name);
  if (!read.ok) return refused('invalid_definition', read.problems.join('\n'));
  const { definition, written, source } = read;
  const problems = problemsOf(misfitsOf(definition, written), source, name);
  if (problems.length > 0) return refused('invalid_definition', problems.join('\n'));
  try {
    compileProduct(definition, 1);
    return ok(definition);
  } catch (error) {
    // Ajv refuses by throwing, and is stricter than our schema of schemas.
    return refused('invalid_definition', `${name}: ${(error as Error).message}`);
  }
}
