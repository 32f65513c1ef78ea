// A receiver as a partner would write one: the raw body first, then the signatures, then an answer. The demo has one,
// and `policydrop listen` is one.
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Check, checksOf, isGenuine } from './verify.ts';

const MAX_BODY = 8 * 1024 * 1024; // bytes; a batch is about one megabyte

export type Received = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly id: string;
  readonly type: string;
  readonly checks: readonly Check[];
  readonly isGenuine: boolean;
};

export type Receiver = { readonly port: number; close(): Promise<void> };

type Options = {
  readonly port: number;
  /** Those that are known when a delivery comes. */
  readonly secrets: () => readonly string[];
  readonly clock: () => number;
  /** Sees a delivery, and says with which status it is answered. */
  readonly answer: (delivery: Received) => number;
};

/** Listens on the loopback interface, on `port` or, when that is 0, on a free one. Too large a body is answered 413 and not shown. */
export async function startReceiver({ port, secrets, clock, answer }: Options): Promise<Receiver> {
  const server = createServer(async (request, response) => {
    const body = await rawBody(request).catch(() => undefined); // cut off: nobody waits for an answer
    if (body === undefined) return response.writeHead(413, { connection: 'close' }).end();
    response.writeHead(answer(received(request, body, secrets(), clock()))).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function received(request: IncomingMessage, body: Buffer, secrets: readonly string[], now: number): Received {
  const { method = '', url: path = '', headers } = request;
  const checks = checksOf({ headers, body }, secrets, now);
  const id = String(headers['webhook-id'] ?? '');
  const type = String(headers['x-kasko-event'] ?? '');
  return { method, path, headers, body, id, type, checks, isGenuine: isGenuine(checks) };
}

async function rawBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BODY) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
