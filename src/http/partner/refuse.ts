import type { FastifyReply } from 'fastify';
import type { Refusal } from '../../domain/refusal.ts';

/** What is wrong with one field of a body, or with a header; `field` is its dotted path in the body. */
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

/** All that is wrong with a body, at once. */
export function refuseBody(reply: FastifyReply, errors: readonly BodyError[]): FastifyReply {
  const message =
    errors.length === 1 ? errors[0]?.message : `${errors.length} things are wrong with the body.`;
  return refuse(reply, 400, message ?? '', errors);
}

/** What is wrong with a header. */
export function refuseHeader(
  reply: FastifyReply,
  status: number,
  field: string,
  { code, message }: Refusal,
): FastifyReply {
  return refuse(reply, status, message, [{ code, field, message }]);
}
