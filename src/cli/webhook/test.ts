import type { EventType } from '../../domain/event.ts';
import { linksOf } from '../links.ts';
import { printRecord } from '../output.ts';
import { Refused, type Session } from '../session.ts';
import { withVault } from '../vault.ts';
import { endpointOf } from './endpoint.ts';

/** Exit code 1 when the receiver did not take it. */
export async function sendTest(
  session: Session,
  name: string,
  id: string,
  options: { event?: EventType[] },
): Promise<void> {
  const { config, json } = session;
  const { sendExample } = await import('../../webhooks/send-example.ts'); // no other command sends
  const problem = await withVault(session, async ({ store, vault, masterKey }) => {
    const endpoint = await endpointOf(store, name, id);
    const type = options.event?.[0] ?? endpoint.events[0] ?? 'policy.created';
    const allow = config.webhooks.allow;
    const links = linksOf(session, masterKey);
    const {
      event,
      status = null,
      problem = null,
      response = null,
      ms,
    } = await sendExample(endpoint, type, { vault, allow, links });
    printRecord({ event, type, url: endpoint.url, status, ms, problem, response }, json);
    return problem;
  });
  if (problem !== null) throw new Refused(`The endpoint did not take the example: ${problem}.`);
}
