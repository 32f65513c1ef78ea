/** Far more than clients leave open at a time: asyncssh writes at most 128 pieces in any order. */
const MOST = 1_000;

export type Range = { readonly start: number; readonly end: number };

/** Which bytes of a file have been written, as ranges `[start, end)` in order that neither overlap nor touch. */
export class Extents {
  #ranges: { start: number; end: number }[];

  /** Of a file whose first `size` bytes are there. */
  constructor(size: number) {
    this.#ranges = size > 0 ? [{ start: 0, end: size }] : [];
  }

  /** False where one more range would be more than are remembered. */
  mayAdd(start: number): boolean {
    return this.#ranges.length < MOST || this.#ranges.some((one) => one.start <= start && start <= one.end);
  }

  add(start: number, end: number): void {
    const last = this.#ranges.at(-1);
    if (last && last.start <= start && start <= last.end) last.end = Math.max(last.end, end);
    else if (start < end) this.#insert(start, end);
  }

  #insert(start: number, end: number): void {
    const before = this.#ranges.filter((one) => one.end < start);
    const after = this.#ranges.filter((one) => one.start > end);
    const joined = this.#ranges.slice(before.length, this.#ranges.length - after.length);
    const from = Math.min(start, joined[0]?.start ?? start);
    const to = Math.max(end, joined.at(-1)?.end ?? end);
    this.#ranges = [...before, { start: from, end: to }, ...after];
  }

  /** The file ends there now. */
  cut(size: number): void {
    const kept = this.#ranges.filter(({ start }) => start < size);
    this.#ranges = kept.map(({ start, end }) => ({ start, end: Math.min(end, size) }));
  }

  /** The first bytes of a file of `size` that were never written. */
  firstGap(size: number): Range | undefined {
    const [first, second] = this.#ranges;
    const start = first?.start === 0 ? first.end : 0;
    if (start >= size) return undefined;
    const next = first?.start === 0 ? second : first;
    return { start, end: Math.min(next?.start ?? size, size) };
  }
}
