/** Told what a client does, by whoever wants to know when it does nothing any more. */
export type Activity = {
  request(): void;
  /** A handle that writes. */
  opened(): void;
  closed(): void;
};
