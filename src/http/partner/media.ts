// The media types of the platform's versions stand beside plain JSON: each route has one, which it takes and, where it is asked for, answers with.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuse } from './refuse.ts';

export const QUOTE_MEDIA = 'application/vnd.kasko.v3+json';
export const POLICY_MEDIA = 'application/vnd.kasko.v2+json';

type Media = typeof QUOTE_MEDIA | typeof POLICY_MEDIA;

const JSON_MEDIA = 'application/json';
const NAMED = 0.0001; // less than the thousandth that weights may differ by
const TAKEN = [JSON_MEDIA, QUOTE_MEDIA, POLICY_MEDIA];

/** Bodies of `app` are JSON in UTF-8, and its answers are of `media` when that is what is asked for. */
export function speakMedia(app: FastifyInstance, media: Media): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(TAKEN, { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) =>
    body.length === 0 ? undefined : jsonIn(body),
  );
  app.addHook('onRequest', async (request, reply) => {
    const answer = preferred(request.headers.accept, [JSON_MEDIA, media]);
    if (answer === undefined) return refuse(reply, 406, `This answers with ${media} or ${JSON_MEDIA} only.`);
    reply.type(`${answer}; charset=utf-8`);
  });
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? cause.message : 'it is not text in UTF-8';
    throw Object.assign(new Error(`The body is no JSON: ${reason}.`), { statusCode: 400 });
  }
}

/** The first of `offers` with the greatest weight in an `Accept` header (RFC 9110, 12.5.1); undefined when none is acceptable. */
function preferred(accept: string | undefined, offers: readonly string[]): string | undefined {
  if (accept === undefined || accept.trim() === '') return offers[0];
  const ranges = accept.split(',').map(rangeOf);
  const weighed = offers.map((offer) => ({ offer, weight: weightOf(offer, ranges) }));
  const best = weighed.reduce((a, b) => (b.weight > a.weight ? b : a));
  return best.weight > 0 ? best.offer : undefined;
}

type Range = { readonly type: string; readonly weight: number };

function rangeOf(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  const weight = q === undefined ? 1 : Number(q.slice(2));
  return { type, weight: Number.isNaN(weight) ? 0 : weight };
}

/** That of the most specific range; of equal ones, what was named itself is preferred. */
function weightOf(offer: string, ranges: readonly Range[]): number {
  for (const [type, bonus] of [
    [offer, NAMED],
    ['application/*', 0],
    ['*/*', 0],
  ] as const) {
    const range = ranges.find((one) => one.type === type);
    if (range) return range.weight === 0 ? 0 : range.weight + bonus;
  }
  return 0;
}
