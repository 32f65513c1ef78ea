// The media types of the platform's versions stand beside plain JSON: each route has one, which it takes and, where it is asked for, answers with.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuse } from './refuse.ts';

export const QUOTE_MEDIA = 'application/vnd.kasko.v3+json';
export const POLICY_MEDIA = 'application/vnd.kasko.v2+json';

type Media = typeof QUOTE_MEDIA | typeof POLICY_MEDIA;

const JSON_MEDIA = 'application/json';
const ESCAPE = /\\(?:ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|u([0-9a-f]{4})|.)/gi; // a pair of halves is whole
const DEEPEST = 30; // levels of a body; products have under ten
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
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    refuseNoText(text);
    const json: unknown = JSON.parse(text);
    refuseDepth(json);
    return json;
  } catch (cause) {
    const reason = cause instanceof TypeError ? 'it is not text in UTF-8' : (cause as Error).message;
    throw Object.assign(new Error(`The body is no JSON that can be taken: ${reason}.`), { statusCode: 400 });
  }
}

/** What goes through it after this may call itself for each level. */
function refuseDepth(json: unknown): void {
  let level = [json];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) throw new SyntaxError(`it is nested in more than ${DEEPEST} levels`);
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
}

/** Escapes can say what no text has, and no file: it could not be kept, or not be shown again. */
function refuseNoText(json: string): void {
  for (const [, unit] of json.matchAll(ESCAPE)) {
    if (unit !== undefined && /^(0000|d[89a-f])/i.test(unit))
      throw new SyntaxError('a text in it holds a NUL character, or half of a character');
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
