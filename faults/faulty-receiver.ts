// A receiver with every fault that we know of, one for each path; repaired, it acknowledges everything.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';

const GIGABYTE = 1024 ** 3;
const DRIP = 200; // ms

type Fault = (response: ServerResponse, request: IncomingMessage) => void;

/** By the path that shows it. */
const FAULTS: Readonly<Record<string, Fault>> = {
  '/reset': (response) => response.socket?.resetAndDestroy(),
  '/stall': () => {},
  '/drip': (response) => {
    const { socket } = response;
    socket?.write('HTTP/1.1 200 OK\r\n');
    const drip = setInterval(() => socket?.write('x: y\r\n'), DRIP);
    socket?.once('close', () => clearInterval(drip));
  },
  '/huge': (response) => {
    response.writeHead(500, { 'content-length': GIGABYTE });
    const part = Buffer.alloc(65_536, 'x');
    const pour = () => {
      while (!response.destroyed && response.write(part));
    };
    response.on('drain', pour);
    pour();
  },
  '/500': (response) => response.writeHead(500).end('no such table: hooks'),
  '/429': (response) => response.writeHead(429, { 'retry-after': '5' }).end(),
  '/redirect': (response, { url }) => response.writeHead(302, { location: url }).end(),
};

export type FaultyReceiver = {
  /** Of one endpoint each: `good`, and the faults by their names. */
  readonly urls: ReadonlyMap<string, string>;
  /** The ids of what was acknowledged, by the same names. */
  readonly acknowledged: ReadonlyMap<string, ReadonlySet<string>>;
  repair(): void;
  close(): void;
};

/** Listens; `directory` is where its certificate, which nobody trusts, is made. */
export async function startFaultyReceiver(directory: string): Promise<FaultyReceiver> {
  const acknowledged = new Map<string, Set<string>>();
  let repaired = false;
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const { url = '', headers } = request;
    request.resume().on('end', () => {
      const fault = FAULTS[url];
      if (fault && !repaired) return fault(response, request);
      const its = acknowledged.get(url.slice(1)) ?? new Set();
      acknowledged.set(url.slice(1), its.add(String(headers['webhook-id'])));
      response.writeHead(204).end();
    });
    request.on('error', () => {}); // we are hung up on, rightly
  };
  const plain = createServer(answer);
  const secure = createTlsServer(certificate(directory), answer);
  const [port, tlsPort] = [await listen(plain), await listen(secure)];
  const urls = ['/good', ...Object.keys(FAULTS)].map(
    (path) => [path.slice(1), `http://127.0.0.1:${port}${path}`] as const,
  );
  return {
    urls: new Map([...urls, ['wrong-certificate', `https://127.0.0.1:${tlsPort}/wrong-certificate`]]),
    acknowledged,
    repair: () => {
      repaired = true;
      plain.closeAllConnections(); // as a restart does
    },
    close: () => {
      for (const server of [plain, secure]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function certificate(directory: string) {
  const [key, cert] = [join(directory, 'tls.key'), join(directory, 'tls.crt')];
  const options = [
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-subj',
    '/CN=else.example',
  ];
  const { status } = spawnSync('openssl', ['req', ...options, '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  });
  if (status !== 0) throw new Error('a certificate could not be made: install openssl');
  return { key: readFileSync(key), cert: readFileSync(cert) };
}
