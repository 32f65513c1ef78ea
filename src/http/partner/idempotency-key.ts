import { ok, type Result, refused } from '../../domain/refusal.ts';
import { keyProblem } from '../../purchase/idempotency-key.ts';

const QUOTED = /^"(.*)"$/; // as draft-ietf-httpapi-idempotency-key-header writes it

/**
 * The key of an `Idempotency-Key` header, as a file's `idempotency_key` column has it; in double quotes or without. A call that
 * has none gets one of its own, and is therefore never taken for a repetition.
 */
export function idempotencyKeyIn(
  header: string | string[] | undefined,
): Result<string, 'invalid_idempotency_key'> {
  if (header === undefined) return ok(crypto.randomUUID());
  const text = Buffer.from(String(header), 'latin1').toString('utf8'); // Node gives a header's bytes as Latin-1
  const key = QUOTED.exec(text)?.[1] ?? text;
  const problem = key.includes('\ufffd') ? 'it is not text in UTF-8' : keyProblem(key);
  return problem === undefined
    ? ok(key)
    : refused('invalid_idempotency_key', `The Idempotency-Key cannot be used: ${problem}.`);
}
