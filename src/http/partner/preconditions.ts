// Nobody's change may be lost because somebody else decided on an older state: RFC 9110, 13.1, and RFC 6585, 3.
import type { FastifyReply } from 'fastify';
import type { Policy } from '../../domain/policy.ts';
import type { Expected } from '../../domain/policy-change.ts';
import { ok, type Result, refused } from '../../domain/refusal.ts';

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The state that a change was decided on, as the client says it. */
export type Preconditions = { readonly tags: readonly string[]; readonly unmodified_since: number };

/** The state of a policy is its revision. */
export function etagOf({ revision }: Policy): string {
  return `"${revision}"`;
}

/** What a client needs to send the conditions of a later change. */
export function withState(reply: FastifyReply, policy: Policy): FastifyReply {
  return reply.headers({ etag: etagOf(policy), 'last-modified': new Date(policy.updated_at).toUTCString() });
}

/** Whether a client has this state already. */
export function isKnown(policy: Policy, ifNoneMatch: string | undefined): boolean {
  const tags = tagsIn(ifNoneMatch).map((tag) => tag.replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etagOf(policy));
}

/** Both headers; a date that is none counts as absent (RFC 9110, 13.1.4). */
export function preconditionsIn(headers: Headers): Result<Preconditions, 'precondition_required'> {
  const tags = tagsIn(headers['if-match']);
  const date = String(headers['if-unmodified-since'] ?? '');
  const missing = [
    ...(tags.length === 0 ? ['If-Match (the ETag of the policy)'] : []),
    ...(HTTP_DATE.test(date) ? [] : ['If-Unmodified-Since (its Last-Modified)']),
  ];
  if (missing.length === 0) return ok({ tags, unmodified_since: Date.parse(date) });
  const message = `This needs ${missing.join(' and ')}, so that it changes only what you have seen: GET the policy first.`;
  return refused('precondition_required', message);
}

/** What the store is to look at once more, in the transaction of the change; undefined when the policy is another already. */
export function expectedOf(policy: Policy, { tags, unmodified_since }: Preconditions): Expected | undefined {
  if (!tags.includes('*') && !tags.includes(etagOf(policy))) return undefined;
  const modified = Math.floor(policy.updated_at / 1000) * 1000; // HTTP dates have whole seconds
  return modified > unmodified_since ? undefined : { revision: policy.revision, unmodified_since };
}

/** Why a change that was decided on another state is not made. */
export function outdated({ id, revision, updated_at }: Policy): string {
  const state = `ETag "${revision}", Last-Modified ${new Date(updated_at).toUTCString()}`;
  return `${id} has changed since (${state}): GET it again, and decide anew.`;
}

function tagsIn(header: string | string[] | undefined): string[] {
  return String(header ?? '')
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean);
}
