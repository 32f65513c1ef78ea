// One request over undici's dispatcher itself: its `request` would make a stream, an iterator and an abort signal of each answer, of
// which we read next to nothing.
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

const MAX_RESPONSE = 16 * 1024; // bytes that are read before the connection is dropped
const KEPT_RESPONSE = 1024; // bytes of them that are kept

/** The time for an attempt is over. */
export class TimeIsOver extends Error {}

export type Outgoing = {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
};

export type Received = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** How the body begins. */
  readonly beginning: Buffer;
};

/**
 * Posts, and reads little of the answer, so that the connection can be used again. Resolves to what was heard within `timeout` ms:
 * the status counts, however the body ends. Rejects when there was none.
 */
export function post(
  { url, headers, body }: Outgoing,
  dispatcher: Dispatcher,
  timeout: number,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    const { origin, pathname, search } = new URL(url);
    const exchange = new Exchange(resolve, reject, timeout);
    const request = { origin, path: pathname + search, method: 'POST', headers, body } as const;
    dispatcher.dispatch(request, exchange);
  });
}

class Exchange implements Dispatcher.DispatchHandler {
  readonly #resolve: (received: Received) => void;
  readonly #reject: (error: Error) => void;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #over: Error | undefined;
  #answer: Omit<Received, 'beginning'> | undefined;
  #size = 0;
  #beginning = Buffer.alloc(0);

  constructor(resolve: (received: Received) => void, reject: (error: Error) => void, timeout: number) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(() => this.#stop(new TimeIsOver(`${timeout} ms are over`)), timeout);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#over) controller.abort(this.#over); // the connection came too late
  }

  onResponseStart(_controller: unknown, status: number, headers: IncomingHttpHeaders): void {
    if (status >= 200) this.#answer = { status, headers };
  }

  onResponseData(_controller: unknown, part: Buffer): void {
    this.#size += part.length;
    const missing = KEPT_RESPONSE - this.#beginning.length;
    if (missing > 0) this.#beginning = Buffer.concat([this.#beginning, part.subarray(0, missing)]);
    if (this.#size > MAX_RESPONSE) this.#stop(new Error('more is not read'));
  }

  onResponseEnd(): void {
    this.#end(undefined);
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#end(error);
  }

  /** Gives up the connection. undici hears of it only once there is one, which a slow name server can delay for ever. */
  #stop(error: Error): void {
    this.#over = error;
    this.#end(error);
    this.#controller?.abort(error);
  }

  #end(error: Error | undefined): void {
    clearTimeout(this.#timer);
    if (this.#answer) this.#resolve({ ...this.#answer, beginning: this.#beginning });
    else this.#reject(error ?? new Error('there was no answer'));
  }
}
