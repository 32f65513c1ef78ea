// Whose connection it is that comes from one of the operator's load balancers.
import type { Socket } from 'node:net';
import { inNetworks, plainAddress } from '../../domain/source.ts';
import { take } from '../take.ts';
import { type Parsed, parseProxyHeader } from './proxy-protocol.ts';

const HEADER_TIME = 5_000; // ms for the header, which a proxy sends at once: time for a lost packet or two
const IDENT = 'SSH-2.0-policydrop\r\n'; // what a health check may look for

type Read = Exclude<Parsed, { state: 'partial' }> | { readonly state: 'gone' };

/** The plain address of a socket's client; undefined when there is nobody to serve, and the socket is closed. */
export type ClientOf = (socket: Socket) => Promise<string | undefined>;

/** `refused` is told of connections from `proxies` (networks) that do not begin with a valid header. */
export function clientBehind(
  proxies: readonly string[],
  refused: (address: string, reason: string) => void,
): ClientOf {
  const isProxy = inNetworks(proxies);
  return async (socket) => {
    const address = plainAddress(socket.remoteAddress ?? '');
    if (!isProxy(address)) return address;
    const read = await readHeader(socket);
    switch (read.state) {
      case 'gone':
        return undefined;
      case 'invalid':
        refused(address, `it must begin with a PROXY header (sftp.proxies), but ${read.problem}`);
        socket.destroy();
        return undefined;
      case 'whole':
        if (read.header.of === 'client') return read.header.address;
        if (read.header.of === 'unknown') return address;
        socket.end(IDENT, () => socket.destroy());
        return undefined;
    }
  };
}

/** Takes the header from the socket, and nothing of what follows it. */
async function readHeader(socket: Socket): Promise<Read> {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    socket.destroy();
  }, HEADER_TIME);
  try {
    for (let bytes = Buffer.alloc(0); ; ) {
      const parsed = parseProxyHeader(bytes);
      if (parsed.state !== 'partial') return parsed;
      const more = await take(socket, parsed.missing);
      if (late) return { state: 'invalid', problem: `there was none after ${HEADER_TIME} ms` };
      if (!more && bytes.length === 0) return { state: 'gone' }; // how the simplest health checks do it
      if (!more) return { state: 'invalid', problem: 'it breaks off' };
      bytes = Buffer.concat([bytes, more]);
    }
  } finally {
    clearTimeout(timer);
  }
}
