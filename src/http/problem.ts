import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';

/** The error body of everything but the partner API (RFC 9457); `detail` says what is wrong and what to do. */
export function problem(reply: FastifyReply, status: number, detail: string): FastifyReply {
  return reply.code(status).type('application/problem+json').send(problemBody(status, detail));
}

export function problemBody(status: number, detail: string) {
  return { type: 'about:blank', title: STATUS_CODES[status], status, detail };
}
