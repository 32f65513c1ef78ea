import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Checks } from '../../src/http/health/checks.ts';
import type { HttpServer } from '../../src/http/server.ts';
import { HttpSite } from './a-site.ts';

let site: HttpSite;
const started: HttpServer[] = [];

beforeAll(async () => {
  site = await HttpSite.start();
});

afterEach(async () => {
  for (const server of started.splice(0)) await server.close();
  site.logged.length = 0;
});

afterAll(() => site.remove());

async function serve(checks: Checks = {}, port = 0): Promise<HttpServer> {
  const server = await site.serve({ checks, port });
  started.push(server);
  return server;
}

async function get(path: string, init: RequestInit = {}, checks: Checks = {}) {
  const { port } = await serve(checks);
  return fetch(`http://127.0.0.1:${port}${path}`, init);
}

const fine = async () => {};
const broken = () => Promise.reject(new Error('SQLITE_IOERR at /secret/path'));

describe('GET /healthz', () => {
  test('answers while the process lives, ready or not', async () => {
    const response = await get('/healthz', {}, { store: broken });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok' });
  });
});

describe('GET /readyz', () => {
  test('is 200 when everything is in order', async () => {
    const response = await get('/readyz', {}, { store: fine, sftp: fine });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ready' });
  });

  test('is 503 and says what is not, and only the log says why', async () => {
    const response = await get('/readyz', {}, { store: broken, http: fine, sftp: broken });
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      detail: 'not ready: store, sftp',
    });
    expect(site.logged).toContainEqual({
      message: 'not ready',
      fields: { check: 'store', error: 'Error: SQLITE_IOERR at /secret/path' },
    });
  });

  test('asks anew every time', async () => {
    let listening = false;
    const { port } = await serve({ sftp: async () => (listening ? fine() : broken()) });
    const status = async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status;
    expect(await status()).toBe(503);
    listening = true;
    expect(await status()).toBe(200);
  });
});

test('GET /metrics is for Prometheus, the event loop’s delay included', async () => {
  const response = await get('/metrics');
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
  expect(text).toMatch(/^process_resident_memory_bytes \d/m);
});

test('GET /metrics tells of webhooks, however often it is asked', async () => {
  await get('/metrics');
  const text = await (await get('/metrics')).text();
  expect(text).toContain('policydrop_webhook_attempts_total{outcome="delivered"} 30\n');
  expect(text).toContain('policydrop_webhook_attempts_total{outcome="given_up"} 1\n');
  expect(text).toContain('policydrop_webhook_events_waiting 7\n');
  expect(text).toContain('policydrop_webhook_oldest_event_seconds 1.5\n');
  expect(text).toContain('policydrop_webhook_endpoints{state="disabled"} 2\n');
});

test('two servers in one process do not share their metrics', async () => {
  await serve();
  expect((await get('/metrics')).status).toBe(200);
});

describe('what is not there', () => {
  test.each([
    ['GET', '/nothing'],
    ['GET', '/healthz/'],
    ['POST', '/healthz'],
    ['DELETE', '/'],
  ])('%s %s is a problem that says so', async (method, path) => {
    const response = await get(path, { method });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await response.json()).toMatchObject({
      status: 404,
      title: 'Not Found',
      detail: `there is nothing at ${method} ${path}`,
    });
  });

  test.each([
    ['/%', {}, 400],
    ['/nothing', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }, 400],
    ['/nothing', { method: 'POST', headers: { 'content-type': 'application/xml' }, body: '<a/>' }, 404],
    [
      '/nothing',
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(2 ** 21) },
      413,
    ],
  ])('%s with %j is the client’s fault: %i, and no error of ours', async (path, init, status) => {
    const response = await get(path, init);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(site.logged).toEqual([]);
  });
});

test('every answer has a request id of its own', async () => {
  const { port } = await serve({ store: broken });
  const ids = await Promise.all(
    ['/healthz', '/readyz', '/metrics', '/nothing'].map(async (path) =>
      (await fetch(`http://127.0.0.1:${port}${path}`, { headers: { 'x-request-id': 'theirs' } })).headers.get(
        'x-request-id',
      ),
    ),
  );
  expect(new Set(ids).size).toBe(4);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
});

test('a taken port is refused with the flag that chooses another', async () => {
  const { port } = await serve();
  await expect(serve({}, port)).rejects.toThrow(
    `Port ${port} is taken. Choose another for HTTP with --http-port.`,
  );
});

test('closing does not wait for a client that is in the middle of a request', async () => {
  const server = await serve();
  const client = connect(server.port, '127.0.0.1');
  client.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /healthz HTTP/1.1\r\nHost:');
  await new Promise((resolve) => client.once('data', resolve));
  const gone = new Promise((resolve) => client.once('close', resolve));
  await server.close();
  await gone;
});

describe('what is no HTTP that can be read', () => {
  /** All that the server says to raw bytes, until it ends the connection. */
  async function answerTo(bytes: string): Promise<string> {
    const { port } = await serve();
    const client = connect(port, '127.0.0.1');
    client.write(bytes);
    let answer = '';
    client.on('data', (part) => (answer += part));
    await new Promise((resolve) => client.once('close', resolve));
    return answer;
  }

  test.each([
    ['nonsense\r\n\r\n', 400],
    ['GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
    [`GET /healthz HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('%# is told so, with a request id', async (bytes, status) => {
    const answer = await answerTo(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toMatch(/^x-request-id: [0-9a-f-]{36}\r$/im);
    expect(answer).not.toMatch(/\.ts:|\.js:| {4}at /);
  });
});

test('no answer may be kept, framed, or taken for something else', async () => {
  const { headers } = await get('/healthz');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

test('a client that sends its headers too slowly is told so and cut off', async () => {
  const { port } = await serve();
  const client = connect(port, '127.0.0.1');
  client.write('GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow:');
  let answer = '';
  client.on('data', (part) => (answer += part));
  await new Promise((resolve) => client.once('close', resolve));
  expect(answer).toMatch(/^HTTP\/1.1 408 /);
}, 60_000);
