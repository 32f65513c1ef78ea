import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Got = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
};

/** Answers one request; `count` is 1 for the first. */
export type Answer = (response: ServerResponse, count: number, got: Got) => unknown;

const acknowledge: Answer = (response) => response.writeHead(204).end();

/** A real HTTP server on a free port that keeps what it got and answers as the test says. */
export class AReceiver {
  readonly got: Got[] = [];
  open = 0;
  mostOpen = 0;
  answer: Answer;

  readonly #server = createServer(async (request, response) => {
    this.mostOpen = Math.max(this.mostOpen, ++this.open);
    response.once('close', () => this.open--);
    let body = '';
    for await (const part of request) body += part;
    const { method = '', url: path = '', headers, rawHeaders } = request;
    const got = { method, path, headers, rawHeaders, body };
    this.got.push(got);
    this.answer(response, this.got.length, got);
  });

  private constructor(answer: Answer) {
    this.answer = answer;
  }

  static async start(answer: Answer = acknowledge): Promise<AReceiver> {
    const receiver = new AReceiver(answer);
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hooks?partner=acme`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
