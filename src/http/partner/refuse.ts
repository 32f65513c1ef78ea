import type { FastifyReply } from 'fastify';

/** What is wrong with one field of a body; `field` is its dotted path there. */
export type BodyError = {
  readonly code: string;
  readonly field: string;
  readonly value?: unknown;
  readonly message: string;
};

/** The error body of the partner API; `message` says what is wrong and what to do. */
export function refuse(
  reply: FastifyReply,
  status: number,
  message: string,
  errors: readonly BodyError[] = [],
): FastifyReply {
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send({ status, message, ...(errors.length > 0 && { errors }) });
}
