// What may become of a policy: each change names the state that it was decided on.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PolicyId } from '../../domain/ids.ts';
import type { Policy } from '../../domain/policy.ts';
import type { PolicyChange } from '../../domain/policy-change.ts';
import { update } from '../../purchase/update.ts';
import type { VersionOf } from '../../purchase/versions.ts';
import { compileBodyCheck, fieldErrors, membersOf, withoutRepeats } from './body-errors.ts';
import { agentOf, callerOf } from './caller.ts';
import type { PartnerDeps } from './deps.ts';
import { CONDITIONS, described } from './described.ts';
import { expectedOf, outdated, preconditionsIn } from './preconditions.ts';
import { type BodyError, refuse, refuseBody } from './refuse.ts';
import { CANCELLATION_REQUEST, UPDATE_REQUEST } from './requests.ts';
import type { Shown } from './shown.ts';

type ById = { Params: { id: PolicyId } };

type Asked =
  | { readonly ok: true; readonly value: PolicyChange }
  | { readonly ok: false; readonly errors: readonly BodyError[] };

const STATUS = { absent: 404, stale: 412, policy_cancelled: 409, not_cancelled: 409 } as const;

const checkUpdate = compileBodyCheck(UPDATE_REQUEST);
const checkCancellation = compileBodyCheck(CANCELLATION_REQUEST);

const CHANGED = { 200: ['Policy', 'The policy after the change'] } as const;
const UPDATE = described('policies', {
  id: 'updatePolicy',
  summary: 'Changes the policyholder and the policy data',
  body: 'UpdateRequest',
  headers: CONDITIONS,
  requiresHeaders: true,
  answers: CHANGED,
  refusals: [404, 409, 412, 428],
});
const CANCEL = described('policies', {
  id: 'cancelPolicy',
  summary: 'Cancels the policy',
  body: 'CancellationRequest',
  headers: CONDITIONS,
  requiresHeaders: true,
  answers: CHANGED,
  refusals: [404, 409, 412, 428],
});
const REACTIVATE = described('policies', {
  id: 'reactivatePolicy',
  summary: 'A cancelled policy is active again',
  headers: CONDITIONS,
  answers: CHANGED,
  refusals: [404, 409, 412],
});

/** `PATCH` (update), `PUT` (cancel) and `POST …/reactivate`. */
export function changeRoutes(
  app: FastifyInstance,
  deps: PartnerDeps,
  { find, show }: Shown,
  versionOf: VersionOf,
): void {
  const { store, clock } = deps;

  app.patch<ById>('/policies/:id', { schema: UPDATE }, (request, reply) =>
    change(request, reply, (policy) => updateIn(request.body, policy)),
  );
  app.put<ById>('/policies/:id', { schema: CANCEL }, (request, reply) =>
    change(request, reply, async () => cancellationIn(request.body)),
  );
  app.post<ById>('/policies/:id/reactivate', { schema: REACTIVATE }, (request, reply) =>
    change(request, reply, async () => ({ ok: true, value: { action: 'reactivated' } }), 'optional'),
  );

  async function change(
    request: FastifyRequest<ById>,
    reply: FastifyReply,
    asking: (policy: Policy) => Promise<Asked>,
    conditions: 'required' | 'optional' = 'required',
  ) {
    const { id } = request.params;
    const policy = await find(callerOf(request), id);
    if (!policy) return refuse(reply, 404, `There is no policy ${id}.`);
    const preconditions = preconditionsIn(request.headers);
    if (!preconditions.ok && conditions === 'required') return refuse(reply, 428, preconditions.message);
    const asked = await asking(policy);
    if (!asked.ok) return refuseBody(reply, asked.errors);
    const expected = preconditions.ok
      ? expectedOf(policy, preconditions.value)
      : { revision: policy.revision };
    if (!expected) return refuse(reply, 412, outdated(policy));
    const actor = agentOf(callerOf(request));
    const changed = await store.changePolicy({ id, expected, change: asked.value, actor, now: clock() });
    if (changed.ok) return show(reply, changed.value);
    if (changed.code !== 'invalid_termination_date')
      return refuse(reply, STATUS[changed.code], changed.message);
    return refuseBody(reply, [{ code: 'invalid_date', field: 'termination_date', message: changed.message }]);
  }

  async function updateIn(body: unknown, policy: Policy): Promise<Asked> {
    const integration = await versionOf(policy);
    const wrong = checkUpdate(body);
    const updated = update(integration, policy, membersOf(body));
    const refused = updated.ok ? [] : fieldErrors(updated.errors, integration);
    const errors = withoutRepeats(refused, wrong);
    return updated.ok && errors.length === 0 ? updated : { ok: false, errors };
  }
}

function cancellationIn(body: unknown): Asked {
  const errors = checkCancellation(body);
  if (errors.length > 0) return { ok: false, errors };
  const { cancellation_reason: reason, termination_date } = membersOf(body) as {
    cancellation_reason: string;
    termination_date?: string;
  };
  return {
    ok: true,
    value: { action: 'cancelled', reason, ...(termination_date !== undefined && { termination_date }) },
  };
}
