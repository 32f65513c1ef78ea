import { BlockList, isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3'); // IPv6 has nothing public outside it (RFC 4291, IANA)
const AZURE = '168.63.129.16'; // public by its number, and the platform of every virtual machine there

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
    if (isIP(address) === 0 || address.includes('%')) return false; // a zone makes sense on this machine only
    const plain = ipaddr.process(address); // ::ffff:127.0.0.1 is 127.0.0.1
    return isPublic(plain) || allowed.check(plain.toString(), plain.kind());
  };
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.toString() === AZURE) return false;
  return address.range() === 'unicast' && (address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST));
}
