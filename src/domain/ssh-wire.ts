/** What is read does not end where it must. */
export class Truncated extends Error {}

/** Reads the data types of RFC 4251, 5 one after the other; throws Truncated where there are not enough bytes. */
export class SshReader {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.at === this.#bytes.length;
  }

  uint32(): number {
    return this.#take(4).readUInt32BE(0);
  }

  uint64(): bigint {
    return this.#take(8).readBigUInt64BE(0);
  }

  /** A view, not a copy. */
  string(): Buffer {
    return this.#take(this.uint32());
  }

  #take(length: number): Buffer {
    const end = this.at + length;
    if (end > this.#bytes.length) throw new Truncated();
    const taken = this.#bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }
}

/** The strings that some bytes consist of; throws Truncated when they do not end with one. */
export function stringsIn(bytes: Uint8Array): Buffer[] {
  const strings: Buffer[] = [];
  for (const reader = new SshReader(bytes); !reader.atEnd; ) strings.push(reader.string());
  return strings;
}

/** Strings one after the other, as `stringsIn` reads them. */
export function sshStrings(...strings: readonly Uint8Array[]): Buffer {
  const parts = strings.flatMap((one) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(one.length);
    return [length, one];
  });
  return Buffer.concat(parts);
}

/** What `read` gives; undefined when the bytes end too early. */
export function unlessTruncated<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Truncated) return undefined;
    throw error;
  }
}
