import type { FastifyReply } from 'fastify';
import type { PolicyId } from '../../domain/ids.ts';
import type { Policy } from '../../domain/policy.ts';
import type { VersionOf } from '../../purchase/versions.ts';
import type { Caller } from '../authentication/api-key.ts';
import type { PartnerDeps } from './deps.ts';
import { policyObject } from './policy-object.ts';
import { withState } from './preconditions.ts';

/** How policies are found and answered, whatever was done with them. */
export type Shown = {
  /** Undefined for those of others and of the other mode as well, as if they were not there. */
  find(caller: Caller, id: PolicyId): Promise<Policy | undefined>;
  /** With the headers that name its state. */
  show(reply: FastifyReply, policy: Policy): Promise<object>;
};

export function shownPolicies({ store, links }: PartnerDeps, versionOf: VersionOf): Shown {
  return {
    find: async ({ account, mode }, id) => {
      const policy = await store.policy(id);
      return policy?.account === account.name && policy.mode === mode ? policy : undefined;
    },
    show: async (reply, policy) => {
      withState(reply, policy);
      return policyObject(policy, await versionOf(policy), links());
    },
  };
}
