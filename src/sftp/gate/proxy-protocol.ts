// PROXY protocol, version 2 (haproxy.org, proxy-protocol.txt, 2.2): whose connection a load balancer hands on.
import ipaddr from 'ipaddr.js';

const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const HEAD = 16; // bytes: signature, version and command, family and protocol, length of the rest
const LONGEST = 4096; // bytes of the rest: addresses take 36, and a TLV with a client's certificate about two thousand

const VERSION = 2;
const LOCAL = 0;
const PROXY = 1;

/** Where the addresses stand, by family and protocol; others, as UNSPEC and UNIX, say nothing about a client here. */
const FAMILIES: Readonly<Record<number, { readonly bytes: number; readonly addresses: number }>> = {
  17: { bytes: 4, addresses: 12 }, // 0x11: TCP over IPv4
  33: { bytes: 16, addresses: 36 }, // 0x21: TCP over IPv6
};

export type ProxyHeader =
  | { readonly of: 'client'; readonly address: string } // plain
  | { readonly of: 'proxy' } // its own connection: a health check
  | { readonly of: 'unknown' }; // a connection of somebody whom the proxy does not name

export type Parsed =
  | { readonly state: 'partial'; readonly missing: number } // bytes, at least
  | { readonly state: 'invalid'; readonly problem: string }
  | { readonly state: 'whole'; readonly header: ProxyHeader; readonly length: number };

/** Reads the header at the start of `bytes`, of which there may be too few yet; what follows it does not matter. */
export function parseProxyHeader(bytes: Buffer): Parsed {
  const begun = Math.min(bytes.length, SIGNATURE.length);
  if (!bytes.subarray(0, begun).equals(SIGNATURE.subarray(0, begun))) return invalid(whatElse(bytes));
  if (bytes.length < HEAD) return { state: 'partial', missing: HEAD - bytes.length };
  const [version, command] = [bytes.readUInt8(12) >> 4, bytes.readUInt8(12) & 0xf];
  const rest = bytes.readUInt16BE(14);
  if (version !== VERSION) return invalid(`it has version ${version}`);
  if (command !== LOCAL && command !== PROXY) return invalid(`it has the command ${command}`);
  if (rest > LONGEST) return invalid(`it has ${rest} bytes, and ${LONGEST} is the most`);
  const length = HEAD + rest;
  if (bytes.length < length) return { state: 'partial', missing: length - bytes.length };
  if (command === LOCAL) return { state: 'whole', header: { of: 'proxy' }, length };
  const family = FAMILIES[bytes.readUInt8(13)];
  if (!family) return { state: 'whole', header: { of: 'unknown' }, length };
  if (rest < family.addresses)
    return invalid(`it has ${rest} bytes, and its addresses alone take ${family.addresses}`);
  const source = ipaddr.fromByteArray([...bytes.subarray(HEAD, HEAD + family.bytes)]);
  return {
    state: 'whole',
    header: { of: 'client', address: ipaddr.process(source.toString()).toString() },
    length,
  };
}

function invalid(problem: string): Parsed {
  return { state: 'invalid', problem };
}

function whatElse(bytes: Buffer): string {
  return bytes.toString('latin1', 0, 5) === 'PROXY'
    ? 'it has version 1; set the proxy to version 2 (haproxy: send-proxy-v2)'
    : 'there is none';
}
