// A webhook receiver as a partner would write one: it checks the signature over the raw body, then answers 204.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

const MAX_BODY = 1024 * 1024; // bytes; an event is about a kilobyte

export type Received = { readonly type: string; readonly id: string; readonly verified: boolean };

export type Receiver = {
  readonly url: string;
  /** Until it is known, nothing is verified. */
  secret: string;
  close(): Promise<void>;
};

/** Listens on `port` of the loopback interface, or on a free one when that is taken or 0. */
export async function startReceiver(port: number, received: (delivery: Received) => void): Promise<Receiver> {
  const receiver = { secret: '' };
  const server = createServer(async (request, response) => {
    const body = await rawBody(request);
    const verified = body !== undefined && isSigned(request, body, receiver.secret);
    response.writeHead(verified ? 204 : 400).end();
    received({ type: header(request, 'x-kasko-event'), id: header(request, 'webhook-id'), verified });
  });
  await listen(server, port).catch(() => listen(server, 0));
  const { port: actual } = server.address() as AddressInfo;
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${actual}/webhooks`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
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

/** Standard Webhooks: HMAC-SHA256 of id.timestamp.body, keyed with the decoded secret. */
function isSigned(request: IncomingMessage, body: Buffer, secret: string): boolean {
  const signed = `${header(request, 'webhook-id')}.${header(request, 'webhook-timestamp')}.`;
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const expected = Buffer.from(
    `v1,${createHmac('sha256', key).update(signed).update(body).digest('base64')}`,
  );
  return header(request, 'webhook-signature')
    .split(' ')
    .map((signature) => Buffer.from(signature))
    .some((signature) => signature.length === expected.length && timingSafeEqual(signature, expected));
}

function header(request: IncomingMessage, name: string): string {
  return String(request.headers[name] ?? '');
}
