const LARGE = 16 * 1024; // bytes from which on it pays

/**
 * Gives the memory of bytes back at once; nobody may look at them, or at others in the same buffer, any more. The garbage
 * collector would do so tens of megabytes later: what is allocated meanwhile is memory that no cache of the processor has,
 * which costs as much as to decrypt it. Where less than half of the buffer is meant, as with Buffer's pool, nothing is done.
 */
export function giveBack({ buffer, length }: Buffer): void {
  if (length < LARGE || 2 * length <= buffer.byteLength || !(buffer instanceof ArrayBuffer)) return;
  buffer.transfer(0);
}
