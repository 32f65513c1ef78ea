import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { addressFilter } from '../../src/webhooks/addresses.ts';
import { attempt } from '../../src/webhooks/attempt.ts';
import { guardedAgent, type Lookup, resolveName } from '../../src/webhooks/connector.ts';
import { kindOf } from '../../src/webhooks/secret.ts';
import { type Answer, AReceiver } from './a-receiver.ts';
import { deliveryTo, EVENTS, VAULT } from './events.ts';
import { linksAt } from './links.ts';

export const NOW = Date.now();
const agent = guardedAgent(addressFilter(['127.0.0.0/8']), resolveName);
const deps = {
  dispatcher: agent,
  vault: VAULT,
  links: linksAt(),
  clock: () => NOW,
  random: () => 0.5,
  timeout: 15_000,
};

const started: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of started.splice(0)) await one[Symbol.asyncDispose]();
});

export async function receiver(answer?: Answer): Promise<AReceiver> {
  const one = await AReceiver.start(answer);
  started.push(one);
  return one;
}

/** A server that speaks no HTTP; `on` gets every connection. */
export async function rawServer(on: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    on(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  started.push({
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** One attempt, of number `count`. */
export const send = (url: string, changes: Partial<typeof deps> = {}, count = 1) =>
  attempt(deliveryTo(url, EVENTS['policy.created'], count), { ...deps, ...changes });

/** One attempt for an endpoint that signs with these, the newest first. */
export function sendSignedBy(url: string, secrets: readonly string[]) {
  const delivery = deliveryTo(url);
  const { id } = delivery.endpoint;
  const sealed = secrets.map((secret) => ({
    kind: kindOf(secret),
    sealed: VAULT.seal(secret, id),
    created_at: NOW,
    expires_at: undefined,
  }));
  return attempt({ ...delivery, endpoint: { ...delivery.endpoint, secrets: sealed } }, deps);
}

export const sendAll = (url: string, events: readonly Event[]) =>
  attempt({ ...deliveryTo(url), events }, deps);

/** A dispatcher for which names resolve as `lookup` says, and nothing private is allowed. */
export function guardedAgentFor(lookup: Lookup) {
  const guarded = guardedAgent(addressFilter([]), lookup);
  return { agent: guarded, [Symbol.asyncDispose]: () => guarded.destroy() };
}
