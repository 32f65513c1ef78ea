/** What is wrong with a definition: where, as the names that lead there, and what to write. */
export type Mistake = {
  readonly path: readonly string[];
  /** The place is the name at the end of the path and not what stands behind it. */
  readonly ofName?: true;
  readonly message: string;
};
