/** Wakes who waits for work before the time is over. */
export class Bell {
  private wake: (() => void) | undefined;

  ring(): void {
    this.wake?.();
  }

  /** Resolves at the next ring, or after `ms`. One may wait at a time. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.wake = done;
    });
  }
}
