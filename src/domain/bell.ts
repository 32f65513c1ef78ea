/** Wakes who waits for work before the time is over; a ring that nobody waits for is heard by the next who does. */
export class Bell {
  private wake: (() => void) | undefined;
  private rung = false;

  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  /** Resolves when it rings or has rung since the last wait, or after `ms`. One may wait at a time. */
  async wait(ms: number): Promise<void> {
    if (!this.rung) await this.nextRing(ms);
    this.rung = false;
  }

  private nextRing(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.wake = done;
    });
  }
}
