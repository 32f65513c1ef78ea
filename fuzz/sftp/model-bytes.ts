export type Bytes = { content: Buffer };

const MOST = 8 * 1024 ** 3; // of a file

/** False, and nothing is changed, where the file would be too long. */
export function write(bytes: Bytes, start: number, text: string): boolean {
  if (start + text.length > MOST) return false;
  if (text === '') return true;
  const { content } = bytes;
  const size = Math.max(content.length, start + text.length);
  const grown = Buffer.concat([content, Buffer.alloc(size - content.length)]);
  grown.write(text, start, 'latin1');
  bytes.content = grown;
  return true;
}

/** False, and nothing is changed, where the file would be too long. */
export function resize(bytes: Bytes, size: number): boolean {
  if (size > MOST) return false;
  const kept = bytes.content.subarray(0, size);
  bytes.content = Buffer.concat([kept, Buffer.alloc(size - kept.length)]);
  return true;
}

export function attributes({ bytes, mtime }: { readonly bytes: Bytes; readonly mtime: number }) {
  return { size: bytes.content.length, mtime: Math.floor(mtime / 1000) };
}
