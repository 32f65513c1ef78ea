import { Worker } from 'node:worker_threads';
import type { Policy } from '../domain/policy.ts';

const MOST_WAITING = 100; // certificates: some five seconds of work; more at once would only wait for what nobody reads any more

/** `definition` is the text of the version under which the policy was bought. */
export type PrintJob = { readonly number: number; readonly policy: Policy; readonly definition: string };
export type Printed = { readonly number: number } & (
  | { readonly pdf: Uint8Array }
  | { readonly error: string }
);

export type Printer = {
  /** The certificate as PDF, in the policyholder's language; undefined when too many wait already. */
  print(policy: Policy, definition: string): Promise<Uint8Array | undefined>;
  stop(): Promise<void>;
};

type Waiting = { resolve(pdf: Uint8Array): void; reject(error: Error): void };

/** Draws certificates one after the other, in a thread that begins with the first one. */
export function startPrinter(): Printer {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let last = 0;

  function start(): Worker {
    const started = new Worker(new URL('./worker.ts', import.meta.url));
    started.unref();
    started.on('message', (printed: Printed) => {
      const job = waiting.get(printed.number);
      waiting.delete(printed.number);
      if ('pdf' in printed) job?.resolve(printed.pdf);
      else job?.reject(new Error(`A certificate could not be drawn: ${printed.error}`));
    });
    started.on('error', (cause) => fail(new Error('The thread that draws certificates failed', { cause })));
    started.on('exit', () => fail(new Error('The thread that draws certificates ended')));
    return started;
  }

  /** The next certificate begins a new thread. */
  function fail(error: Error): void {
    worker = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  return {
    async print(policy, definition) {
      if (waiting.size >= MOST_WAITING) return undefined;
      worker ??= start();
      const number = ++last;
      const printing = new Promise<Uint8Array>((resolve, reject) => waiting.set(number, { resolve, reject }));
      worker.postMessage({ number, policy, definition } satisfies PrintJob);
      return printing;
    },
    stop: async () => void (await worker?.terminate()),
  };
}
