/** `written` has a byte for each of `content`: 0 where nothing was written. */
export type Bytes = { content: Buffer; written: Buffer };

export function bytesOf(content: Buffer): Bytes {
  return { content, written: Buffer.alloc(content.length, 1) };
}

const MOST = 8 * 1024 ** 3; // of a file

/** False, and nothing is changed, where the file would be too long. */
export function write(bytes: Bytes, start: number, text: string): boolean {
  if (start + text.length > MOST) return false;
  if (text === '') return true;
  setSize(bytes, Math.max(bytes.content.length, start + text.length));
  bytes.content.write(text, start, 'latin1');
  bytes.written.fill(1, start, start + text.length);
  return true;
}

/** False, and nothing is changed, where the file would be too long. */
export function resize(bytes: Bytes, size: number): boolean {
  if (size > MOST) return false;
  setSize(bytes, size);
  return true;
}

function setSize(bytes: Bytes, size: number): void {
  for (const one of ['content', 'written'] as const) {
    const kept = bytes[one].subarray(0, size);
    bytes[one] = Buffer.concat([kept, Buffer.alloc(size - kept.length)]);
  }
}

export function hasGap({ written }: Bytes): boolean {
  return written.includes(0);
}

/** What is kept for a resume. */
export function cutAtGap(bytes: Bytes): void {
  if (hasGap(bytes)) setSize(bytes, bytes.written.indexOf(0));
}

export function attributes({ bytes, mtime }: { readonly bytes: Bytes; readonly mtime: number }) {
  return { size: bytes.content.length, mtime: Math.floor(mtime / 1000) };
}
