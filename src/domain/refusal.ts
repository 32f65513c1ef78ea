/**
 * "No" as a value: the answer to something a partner or operator may not do or got wrong. `code` is for
 * programs, `message` says what is wrong and what to do. Our own faults are thrown instead.
 */
export type Refusal<Code extends string = string> = {
  readonly ok: false;
  readonly code: Code;
  readonly message: string;
};

export type Result<T, Code extends string = string> =
  | { readonly ok: true; readonly value: T }
  | Refusal<Code>;

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function refused<Code extends string>(code: Code, message: string): Refusal<Code> {
  return { ok: false, code, message };
}
