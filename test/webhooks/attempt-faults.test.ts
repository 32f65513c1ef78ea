import { describe, expect, test } from 'vitest';
import { AReceiver } from './a-receiver.ts';
import { guardedAgentFor, NOW, rawServer, receiver, send } from './an-attempt.ts';

describe('a receiver that misbehaves', () => {
  test('by not listening is named as that', async () => {
    const gone = await AReceiver.start();
    const { url } = gone;
    await gone[Symbol.asyncDispose]();
    expect(await send(url)).toMatchObject({
      status: undefined,
      problem: 'the connection was refused',
      retry_at: NOW + 5_000,
    });
  });

  test('by closing the connection is named as that', async () => {
    const url = await rawServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await send(url)).toMatchObject({
      status: undefined,
      problem: 'the connection was closed before an answer',
    });
  });

  test('by speaking something else than HTTP fails', async () => {
    const url = await rawServer((socket) => socket.end('220 smtp.example ESMTP\r\n'));
    expect(await send(url)).toMatchObject({ status: undefined, problem: 'its answer is not HTTP' });
  });

  test('by speaking no TLS fails', async () => {
    const { port } = await receiver();
    expect((await send(`https://127.0.0.1:${port}/`)).problem).toMatch(/^TLS failed: /);
  });

  test('by never answering is left, and given a minute', async () => {
    const { url } = await receiver(() => {});
    const outcome = await send(url, { timeout: 200 });
    expect(outcome).toMatchObject({
      status: undefined,
      problem: 'no answer within 0.2 s',
      retry_at: NOW + 60_000,
    });
  });

  test('by sending headers for ever is left', async () => {
    const url = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const drip = setInterval(() => socket.write('x: y\r\n'), 20);
      socket.once('close', () => clearInterval(drip));
    });
    expect(await send(url, { timeout: 200 })).toMatchObject({
      status: undefined,
      problem: 'no answer within 0.2 s',
    });
  });

  test('by a name that never resolves is left', async () => {
    await using dead = guardedAgentFor(() => new Promise(() => {}));
    const outcome = await send('http://acme.example/', { dispatcher: dead.agent, timeout: 200 });
    expect(outcome).toMatchObject({ status: undefined, problem: 'no answer within 0.2 s' });
  });

  test('by a name that does not exist is named as that', async () => {
    const enotfound = Object.assign(new Error('getaddrinfo ENOTFOUND acme.example'), { code: 'ENOTFOUND' });
    await using dead = guardedAgentFor(() => Promise.reject(enotfound));
    const { problem } = await send('http://acme.example/', { dispatcher: dead.agent });
    expect(problem).toBe('the name could not be resolved');
  });

  test.each([
    ['endless', 200, undefined],
    ['endless', 500, 'it answered 500'],
  ])('by an %s body is heard: its status %i counts', async (_what, status, problem) => {
    let written = 0;
    let closed: () => void = () => {};
    const isClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const { url } = await receiver((response) => {
      response.writeHead(status).on('close', closed);
      const pour = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384))) written += 16_384;
        if (!response.destroyed) response.once('drain', pour);
      };
      pour();
    });
    expect(await send(url)).toMatchObject({ status, problem });
    await isClosed; // we hang up; nothing is read to the end
    expect(written).toBeLessThan(16 * 1024 * 1024);
  });

  test('by a body that drips is heard: its status counts, when the time is over', async () => {
    const { url } = await receiver((response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 20);
      response.once('close', () => clearInterval(drip));
    });
    expect(await send(url, { timeout: 300 })).toMatchObject({ status: 200, problem: undefined });
  });

  test('by a body that is cut off is heard: its status counts', async () => {
    const url = await rawServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\nhalf')),
    );
    expect(await send(url)).toMatchObject({ status: 202, problem: undefined });
  });
});

test('what cannot be sent at all is an outcome, not an exception', async () => {
  expect(await send('http://')).toMatchObject({
    status: undefined,
    problem: expect.stringContaining('the request failed'),
  });
});

test('an address that is not allowed is told without naming it', async () => {
  await using inside = guardedAgentFor(async () => ['10.11.12.13']);
  const outcome = await send('http://acme.example/', { dispatcher: inside.agent });
  expect(outcome).toMatchObject({ status: undefined, retry_at: NOW + 5_000 });
  expect(outcome.problem).toContain('webhooks.allow');
  expect(JSON.stringify(outcome)).not.toContain('10.11.12.13');
});
