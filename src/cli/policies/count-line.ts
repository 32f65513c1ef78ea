const WORTH_A_LINE = 2_000; // ms: who waits longer wants to know what for
const EVERY = 200; // ms between changes that one can read

/** A line on a terminal's stderr that counts while one waits; elsewhere nothing. */
export function countLine() {
  const isShown = process.stderr.isTTY === true;
  let next = Date.now() + WORTH_A_LINE;
  let shown = false;
  return {
    say: (count: number, what: string): void => {
      if (!isShown || Date.now() < next) return;
      next = Date.now() + EVERY;
      shown = true;
      process.stderr.write(`\r\u001b[K  ${count.toLocaleString('en')} ${what}`);
    },
    clear: (): void => {
      if (shown) process.stderr.write('\r\u001b[K');
    },
  };
}
