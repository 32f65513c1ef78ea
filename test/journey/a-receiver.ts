import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export type Delivered = { type: string; id: string; body: Record<string, unknown> };

/** A partner's webhook receiver: verifies with the independent library, keeps what it got. */
export class Receiver {
  readonly delivered: Delivered[] = [];
  secret = '';
  readonly #server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const headers = request.headers as Record<string, string>;
    new Webhook(this.secret).verify(body, headers); // throws when the signature is wrong, and the test fails
    this.delivered.push({
      type: String(headers['x-kasko-event']),
      id: String(headers['webhook-id']),
      body: JSON.parse(body),
    });
    response.writeHead(204).end();
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  of(type: string): Delivered[] {
    return this.delivered.filter((delivery) => delivery.type === type);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
