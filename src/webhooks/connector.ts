// Requests forged to reach the inside of our network (SSRF) are stopped where the connection is made: every address
// is checked, literal or resolved, and the connection goes to the address that was checked.
import { lookup as systemLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Agent, buildConnector } from 'undici';

const CONNECT_TIMEOUT = 5_000; // ms
const KEEP_ALIVE = 10_000; // ms

export type Lookup = (host: string) => Promise<readonly string[]>;

/** The address is not one that webhooks may reach; nothing was sent. */
export class ForbiddenAddress extends Error {}

/** All addresses of a name, IPv4 first. */
export const resolveName: Lookup = async (host) => {
  const found = await systemLookup(host, { all: true, order: 'ipv4first' });
  return found.map(({ address }) => address);
};

/** A dispatcher for undici that connects only where `isAllowed`. */
export function guardedAgent(isAllowed: (address: string) => boolean, lookup: Lookup): Agent {
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT });
  return new Agent({
    keepAliveTimeout: KEEP_ALIVE,
    connect: (options, callback) => {
      const host = options.hostname.replace(/^\[|\]$/g, '');
      checkedAddress(host, isAllowed, lookup).then(
        (address) =>
          connect({ ...options, hostname: address, ...(isIP(host) === 0 && { servername: host }) }, callback),
        (error) => callback(error, null),
      );
    },
  });
}

async function checkedAddress(
  host: string,
  isAllowed: (address: string) => boolean,
  lookup: Lookup,
): Promise<string> {
  const addresses = isIP(host) === 0 ? await lookup(host) : [host];
  const [first] = addresses;
  if (first === undefined || !addresses.every(isAllowed))
    throw new ForbiddenAddress(`${host} is not allowed`);
  return first;
}
