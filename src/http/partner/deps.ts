import type { Log } from '../../domain/log.ts';
import type { PolicyStore } from '../../store/policy-store.ts';
import type { Authenticate } from '../authentication/api-key.ts';

/** What the partner API needs. */
export type PartnerDeps = {
  readonly store: Pick<PolicyStore, 'policy'>;
  readonly authenticate: Authenticate;
  /** How links to this server begin. */
  readonly publicUrl: () => string;
  readonly log: Log;
};
