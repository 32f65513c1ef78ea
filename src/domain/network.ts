import { BlockList, isIP } from 'node:net';

/** A network as it is kept, `203.0.113.0/24`; an address becomes the network of itself alone. Undefined for anything else. */
export function networkOf(text: string): string | undefined {
  const [address = '', bits, ...more] = text.split('/');
  if (isIP(address) === 0 || address.includes('%') || more.length > 0) return undefined;
  const width = isIP(address) === 4 ? 32 : 128;
  if (bits === undefined) return `${address}/${width}`;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= width ? text : undefined;
}

/** Whether an address lies in one of the networks, each as `networkOf` gives it. `::ffff:10.0.0.1` is 10.0.0.1. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [start = '', bits] = network.split('/');
    list.addSubnet(start, Number(bits), familyOf(start));
  }
  const plain = address.replace(/%.*/, '');
  return isIP(plain) !== 0 && list.check(plain, familyOf(plain));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
