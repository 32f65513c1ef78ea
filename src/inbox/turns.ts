/** Runs `work` when everything begun earlier under the same key is over; gives what it gives. */
export type Turns = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** One thing at a time for each key; keys do not wait for each other, and nothing is kept of a key at rest. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    const leave = () => {
      if (last.get(key) === mine) last.delete(key);
    };
    last.set(key, mine);
    mine.then(leave, leave);
    return mine;
  };
}
