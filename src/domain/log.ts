/** Where a station says what it did; ids, names and counts only, never personal data or secrets. */
export type Log = {
  readonly [level in 'info' | 'warn' | 'error']: (
    message: string,
    fields?: Readonly<Record<string, unknown>>,
  ) => void;
};
