import type { FastifyInstance } from 'fastify';
import type { PolicyId } from '../../domain/ids.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Caller } from '../authentication/api-key.ts';
import { callerOf } from './caller.ts';
import type { PartnerDeps } from './deps.ts';
import { policyObject } from './policy-object.ts';
import { refuse } from './refuse.ts';

export function policyRoutes(app: FastifyInstance, { store, publicUrl }: PartnerDeps): void {
  app.get<{ Params: { id: PolicyId } }>('/policies/:id', async (request, reply) => {
    const { id } = request.params;
    const policy = await store.policy(id);
    if (!policy || !isOf(callerOf(request), policy)) return refuse(reply, 404, `There is no policy ${id}.`);
    return policyObject(policy, publicUrl());
  });
}

/** Whether the caller may know that there is such a policy. */
function isOf({ account, mode }: Caller, policy: Policy): boolean {
  return policy.account === account.name && policy.mode === mode;
}
