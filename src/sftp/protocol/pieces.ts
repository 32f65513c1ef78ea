/** Bytes in their order, in the pieces in which they came. */
export class Pieces {
  readonly #spent: (piece: Buffer) => void;
  #pieces: Buffer[] = [];
  #at = 0; // how many bytes of the first piece are taken
  #used: Buffer[] = []; // all of their bytes are taken
  length = 0;

  /** `spent` is called with a piece whose bytes are taken and done with. */
  constructor(spent: (piece: Buffer) => void) {
    this.#spent = spent;
  }

  add(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.length += piece.length;
  }

  /** The next bytes, at least one; undefined where there are not so many. */
  take(length: number): readonly [Buffer, ...Buffer[]] | undefined {
    if (length > this.length) return undefined;
    const first = this.#takeOne(length);
    const more: Buffer[] = [];
    for (let left = length - first.length; left > 0; ) {
      const next = this.#takeOne(left);
      more.push(next);
      left -= next.length;
    }
    return [first, ...more];
  }

  /** Nobody looks at what was taken so far any more. */
  done(): void {
    for (const piece of this.#used) this.#spent(piece);
    this.#used = [];
  }

  #takeOne(most: number): Buffer {
    const [piece = Buffer.alloc(0)] = this.#pieces;
    const taken = piece.subarray(this.#at, this.#at + most);
    this.#at += taken.length;
    this.length -= taken.length;
    if (this.#at === piece.length) {
      this.#used.push(piece);
      this.#pieces.shift();
      this.#at = 0;
    }
    return taken;
  }
}
