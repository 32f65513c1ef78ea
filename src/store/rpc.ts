// Calls from one thread to another over a MessagePort: a method's name and arguments go, its value or error comes back.
import type { MessagePort } from 'node:worker_threads';

type Call = { readonly id: number; readonly method: string; readonly args: readonly unknown[] };
type Answer = { readonly id: number } & ({ readonly value: unknown } | { readonly error: Error });

export type Caller = {
  call(method: string, args: readonly unknown[]): Promise<unknown>;
  /** Every call under way and to come throws. */
  fail(error: Error): void;
  close(): void;
};

/** The calling end of a port; it keeps the process alive only while an answer is awaited. */
export function callsTo(port: MessagePort): Caller {
  const awaited = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let broken: Error | undefined;
  let last = 0;
  const fail = (error: Error) => {
    broken ??= error;
    for (const { reject } of awaited.values()) reject(broken);
    awaited.clear();
  };
  port.on('message', (answer: Answer) => {
    const waiting = awaited.get(answer.id);
    awaited.delete(answer.id);
    if (awaited.size === 0) port.unref();
    if ('error' in answer) waiting?.reject(answer.error);
    else waiting?.resolve(answer.value);
  });
  port.on('close', () => fail(new Error('The store is closed.')));
  port.unref();
  return {
    call(method, args) {
      if (broken) return Promise.reject(broken);
      return new Promise((resolve, reject) => {
        awaited.set(++last, { resolve, reject });
        port.ref();
        port.postMessage({ id: last, method, args } satisfies Call);
      });
    },
    fail,
    close: () => port.close(),
  };
}

/** The answering end: calls are answered one after the other, in the order in which they come. */
export function answerCalls(
  port: MessagePort,
  methods: Readonly<Record<string, (...args: never[]) => unknown>>,
): void {
  port.on('message', ({ id, method, args }: Call) => {
    try {
      const value = methods[method]?.(...(args as never[]));
      port.postMessage({ id, value } satisfies Answer);
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      port.postMessage({
        id,
        error: new Error(`The store could not do ${method}: ${error.message}`, { cause: error }),
      } satisfies Answer);
    }
  });
}
