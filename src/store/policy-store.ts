import type { AccountId, ImportId, PolicyId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';

export type PolicyStore = {
  policy(id: PolicyId): Promise<Policy | undefined>;
  /** Newest first; `before` continues a list after the policy it names. */
  policies(filter: {
    account?: AccountId;
    import?: ImportId;
    before?: PolicyId;
    limit: number;
  }): Promise<Policy[]>;
};
