import type { FastifyInstance } from 'fastify';
import type { PolicyId } from '../../domain/ids.ts';
import { versionsFrom } from '../../purchase/versions.ts';
import type { Caller } from '../authentication/api-key.ts';
import { authenticateByHeader, callerOf } from './caller.ts';
import { changeRoutes } from './changes.ts';
import type { PartnerDeps } from './deps.ts';
import { described } from './described.ts';
import { POLICY_MEDIA, speakMedia } from './media.ts';
import { offerObject } from './offer-object.ts';
import { offerRoute } from './offers.ts';
import { refuseOtherMethods } from './other-methods.ts';
import { isKnown, withState } from './preconditions.ts';
import { refuse } from './refuse.ts';
import { shownPolicies } from './shown.ts';

/** `/policies`: made as offers, shown and changed. */
export async function policyRoutes(app: FastifyInstance, deps: PartnerDeps): Promise<void> {
  const versionOf = versionsFrom(deps.store);
  const shown = shownPolicies(deps, versionOf);
  authenticateByHeader(app, deps.authenticate);
  speakMedia(app, POLICY_MEDIA);

  const schema = described('policies', {
    id: 'showPolicy',
    summary: 'A policy, and in ETag and Last-Modified its state',
    answers: { 200: ['PolicyOrOffer', 'The policy as it is now, or the offer that waits for its payment'] },
    refusals: [404],
  });
  app.get<{ Params: { id: PolicyId } }>('/policies/:id', { schema }, async (request, reply) => {
    const { id } = request.params;
    const policy = await shown.find(callerOf(request), id);
    if (!policy)
      return (await offered(callerOf(request), id)) ?? refuse(reply, 404, `There is no policy ${id}.`);
    if (isKnown(policy, request.headers['if-none-match'])) return withState(reply, policy).code(304).send();
    return shown.show(reply, policy);
  });
  offerRoute(app, deps, versionOf);
  changeRoutes(app, deps, shown, versionOf);
  refuseOtherMethods(app, '/policies', ['POST']);
  refuseOtherMethods(app, '/policies/:id', ['GET', 'HEAD', 'PATCH', 'PUT']);
  refuseOtherMethods(app, '/policies/:id/reactivate', ['POST']);

  async function offered(caller: Caller, id: PolicyId) {
    const owner = { account: caller.account.id, mode: caller.mode };
    const offer = await deps.store.offer(owner, id, deps.clock());
    return offer && offerObject(offer, caller, deps);
  }
}
