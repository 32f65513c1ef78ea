import { setImmediate as endOfTurn } from 'node:timers/promises';

/**
 * Sends replies in the order of their requests. Each leaves at the end of the turn in which it is ready, when the next
 * request is on its way to the disk: to encrypt a reply takes as long as to read the next.
 */
export class Outbox {
  readonly #most: number;
  readonly #send: (reply: Buffer) => Promise<void>;
  #waiting: Promise<void>[] = []; // until they are sent
  #last = Promise.resolve();
  #answered: Promise<unknown> = Promise.resolve();

  /** Of `most` replies at a time. `send` resolves when more can be sent, and never rejects; no more do the replies. */
  constructor(most: number, send: (reply: Buffer) => Promise<void>) {
    this.#most = most;
    this.#send = send;
  }

  add(reply: Promise<Buffer>): void {
    this.#answered = Promise.all([this.#answered, reply]);
    this.#last = this.#sendAfter(this.#last, reply);
    this.#waiting.push(this.#last);
  }

  async #sendAfter(last: Promise<void>, reply: Promise<Buffer>): Promise<void> {
    const bytes = await reply;
    await last;
    await endOfTurn();
    await this.#send(bytes);
  }

  /** One more reply may be added. */
  async room(): Promise<void> {
    while (this.#waiting.length >= this.#most) await this.#waiting.shift();
  }

  /** Every request so far is answered, though the answer may not be sent yet. */
  async answered(): Promise<void> {
    await this.#answered;
  }

  async empty(): Promise<void> {
    await this.#last;
  }
}
