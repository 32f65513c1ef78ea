import { BlockList, isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Whether webhooks may be sent to an address: a public unicast one, or one inside the operator's `allow` list.
 * Loopback, private, link-local, metadata, mapped, NAT64 and reserved ranges are not.
 */
export function addressFilter(allow: readonly string[]): (address: string) => boolean {
  const allowed = new BlockList();
  for (const network of allow) {
    const [address = '', bits = ''] = network.split('/');
    allowed.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return (address) => {
    if (!ipaddr.isValid(address)) return false;
    const plain = ipaddr.process(address); // ::ffff:127.0.0.1 is 127.0.0.1
    return plain.range() === 'unicast' || allowed.check(plain.toString(), plain.kind());
  };
}
