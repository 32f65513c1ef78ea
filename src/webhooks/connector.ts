// Requests forged to reach the inside of our network (SSRF) are stopped where the connection is made: every address
// is checked, literal or resolved, and the connection goes to an address that was checked.
import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';

const CONNECT_TIMEOUT = 5_000; // ms
const KEEP_ALIVE = 10_000; // ms

/** All addresses of a name. */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** The address is not one that webhooks may reach; nothing was sent. */
export class ForbiddenAddress extends Error {}

/** What the system resolves a name to, in the order in which it would connect (RFC 6724). */
export const resolveName: Lookup = async (host) => {
  const found = await systemLookup(host, { all: true, order: 'verbatim' });
  return found.map(({ address }) => address);
};

/** A dispatcher for undici that connects only where `isAllowed`. HTTP/1.1: what is in flight shares no connection. */
export function guardedAgent(isAllowed: (address: string) => boolean, lookup: Lookup): Agent {
  const connect = buildConnector({
    timeout: CONNECT_TIMEOUT,
    allowH2: false,
    autoSelectFamily: true, // one address that does not answer leaves the others
    lookup: checkedLookup(isAllowed, oncePerName(lookup)),
  });
  return new Agent({
    allowH2: false,
    keepAliveTimeout: KEEP_ALIVE,
    connect: (options, callback) => {
      const literal = isIP(options.hostname) !== 0; // never reaches the lookup
      if (literal && !isAllowed(options.hostname)) callback(forbidden(options.hostname), null);
      else connect(options, callback);
    },
  });
}

/** One address that is not allowed forbids the name: such an answer is an attack or a mistake. */
function checkedLookup(isAllowed: (address: string) => boolean, lookup: Lookup): LookupFunction {
  return (host, _options, callback) => {
    lookup(host).then(
      (addresses) =>
        addresses.length > 0 && addresses.every(isAllowed)
          ? callback(
              null,
              addresses.map((address) => ({ address, family: isIP(address) })),
            )
          : callback(forbidden(host), []),
      (error) => callback(error, []),
    );
  };
}

/** The system resolves two names at a time: many deliveries to one dead name must take only one of the places. */
function oncePerName(lookup: Lookup): Lookup {
  const running = new Map<string, ReturnType<Lookup>>();
  return (host) => {
    const found = running.get(host) ?? lookup(host).finally(() => running.delete(host));
    running.set(host, found);
    return found;
  };
}

function forbidden(host: string): ForbiddenAddress {
  return new ForbiddenAddress(`${host} is not allowed`);
}
