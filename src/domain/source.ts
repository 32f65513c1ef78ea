// Where a connection comes from. A source is one IPv4 address or one IPv6 /64: whoever has one address of a /64 has them all.
import { BlockList, isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

export const MOST_SOURCES = 10_000; // remembered at once by any table here: about a megabyte each

/** As a socket shows it, without a zone (`fe80::1%eth0`), and an IPv4 address never as `::ffff:192.0.2.1`. */
export function plainAddress(address: string): string {
  const [plain = ''] = address.split('%');
  return isIP(plain) === 0 ? plain : ipaddr.process(plain).toString();
}

/** What counts as one source: `192.0.2.1`, `2001:db8::/64`. */
export function sourceOf(address: string): string {
  if (isIP(address) !== 6) return address;
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/64`)}/64`;
}

/** Whether a plain address lies in one of `networks`, each as `10.0.0.0/8`. */
export function inNetworks(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** A map of sources that, when it is full, forgets the one that was set longest ago. */
export class Sources<Value> {
  readonly #values = new Map<string, Value>();

  get size(): number {
    return this.#values.size;
  }

  get(source: string): Value | undefined {
    return this.#values.get(source);
  }

  set(source: string, value: Value): void {
    this.#values.delete(source);
    this.#values.set(source, value);
    if (this.#values.size <= MOST_SOURCES) return;
    const [oldest] = this.#values.keys();
    if (oldest !== undefined) this.#values.delete(oldest);
  }
}
