import type { FastifyInstance } from 'fastify';
import { EVENT_TYPES, type EventType } from '../../domain/event.ts';
import type { EventId } from '../../domain/ids.ts';
import { ok, type Result, refused } from '../../domain/refusal.ts';
import type { EventQuery } from '../../store/event-store.ts';
import { authenticateByHeader, callerOf } from './caller.ts';
import type { PartnerDeps } from './deps.ts';
import { described } from './described.ts';
import { refuse } from './refuse.ts';

const LIMIT = 100; // events of a page, where the query does not say
const MAX_LIMIT = 1_000; // about a megabyte

type Query = Readonly<Record<string, string | readonly string[]>>;
type Wanted = Pick<EventQuery, 'after' | 'types' | 'limit'>;

const DESCRIBED = described('events', {
  id: 'listEvents',
  summary: 'What webhooks send, in pages: what came after an event, in the order of their commits',
  query: {
    after: { type: 'string', description: 'The last event that is known; without it from the oldest on' },
    limit: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: LIMIT },
    type: {
      type: 'array',
      items: { type: 'string', enum: EVENT_TYPES },
      description: 'Only these; `type` may be repeated',
    },
  },
  answers: { 200: ['EventPage', 'A page, maybe without events'] },
  refusals: [400],
});

/** What webhooks tell, to be asked for: the same events, with the same ids and payloads, in the order of their commits. */
export async function eventRoutes(app: FastifyInstance, deps: PartnerDeps): Promise<void> {
  const { store, authenticate, payloadOf, links, clock } = deps;
  authenticateByHeader(app, authenticate);

  app.get<{ Querystring: Query }>('/api/v1/events', { schema: DESCRIBED }, async (request, reply) => {
    const wanted = wantedIn(request.query);
    if (!wanted.ok) return refuse(reply, 400, wanted.message);
    const { account, mode } = callerOf(request);
    const page = await store.events({ account: account.id, mode, ...wanted.value, now: clock() });
    if (!page.ok)
      return refuse(reply, 400, `${page.message} Leave "after" out to begin with the oldest event.`);
    const { after = null, more } = page.value;
    const events = page.value.events.map((event) => ({
      id: event.id,
      type: event.type,
      timestamp: new Date(event.created_at).toISOString(),
      data: payloadOf(event, links()),
    }));
    return { events, after, has_more: more };
  });
}

/** A slip of the finger must not begin the feed anew: what is not known is refused. */
function wantedIn({ after, limit = String(LIMIT), type = [], ...others }: Query): Result<Wanted> {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    return refused('unknown', `There is no "${unknown}" here; there are "after", "limit" and "type".`);
  if (after !== undefined && typeof after !== 'string') return refused('after', 'Give "after" once.');
  const count = /^\d{1,4}$/.test(String(limit)) ? Number(limit) : 0;
  if (count < 1 || count > MAX_LIMIT)
    return refused('limit', `"limit" must be a number from 1 to ${MAX_LIMIT}.`);
  const types = [type].flat();
  const strange = types.find((one) => !EVENT_TYPES.includes(one as EventType));
  if (strange !== undefined)
    return refused('type', `There is no event "${strange}"; there are ${EVENT_TYPES.join(', ')}.`);
  return ok({
    after: after as EventId | undefined,
    limit: count,
    types: types.length === 0 ? EVENT_TYPES : (types as EventType[]),
  });
}
