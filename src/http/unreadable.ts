// What cannot be read as HTTP at all: there is no request to answer, so the answer is written by hand.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { HTTP_LIMITS } from './limits.ts';
import { problemBody } from './problem.ts';

const ANSWERS: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request did not come in whole in time'],
  HPE_HEADER_OVERFLOW: [431, `the headers are longer than ${HTTP_LIMITS.header_bytes} bytes`],
};

/** Says what is wrong, where that can still be said, and ends the connection. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable) return void socket.destroy();
  const [status, detail] = ANSWERS[error.code ?? ''] ?? [400, 'this is no HTTP request that can be read'];
  const body = JSON.stringify(problemBody(status, detail));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${crypto.randomUUID()}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
