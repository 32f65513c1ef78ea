import { type AddressInfo, createServer } from 'node:net';
import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addressFilter } from '../../src/webhooks/addresses.ts';
import { ForbiddenAddress, guardedAgent, type Lookup } from '../../src/webhooks/connector.ts';
import { AReceiver } from './a-receiver.ts';

let receiver: AReceiver;
beforeEach(async () => {
  receiver = await AReceiver.start();
});
afterEach(() => receiver[Symbol.asyncDispose]());

/** Posts to `host` at the receiver's port; the guard allows `allow`, names resolve as `lookup` says. */
async function post(host: string, lookup: Lookup = noLookup, allow: readonly string[] = [], scheme = 'http') {
  const agent = guardedAgent(addressFilter(allow), lookup);
  try {
    const { statusCode, body } = await request(`${scheme}://${host}:${receiver.port}/`, {
      method: 'POST',
      dispatcher: agent,
    });
    await body.dump();
    return statusCode;
  } finally {
    await agent.destroy();
  }
}

const noLookup: Lookup = () => Promise.reject(new Error('nothing to look up'));

describe('an address of ours', () => {
  test.each([
    '127.0.0.1',
    '0x7f.1',
    '0x7f000001',
    '2130706433',
    '0177.0.0.1',
    '127.1',
    '127.0.0.1.',
    '①②⑦.0.0.1',
    '0.0.0.0',
    '0',
    '0177.0.0.01',
    '0x7F.0x0.0x0.0x1',
    '017700000001',
    '0x7f000001.',
    '127.0.1',
    '%31%32%37.0.0.1',
    '127。0。0。1',
    '[::1]',
    '[::127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[2002:7f00:1::]',
    '169.254.169.254',
    '[fd00:ec2::254]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:127.0.0.1]',
  ])('is not reached as %s', async (host) => {
    await expect(post(host)).rejects.toThrow(ForbiddenAddress);
    expect(receiver.got).toEqual([]);
  });

  test.each(['localhost', 'localhost.', 'acme.example'])(
    'is not reached by a name that resolves to it: %s',
    async (host) => {
      await expect(post(host, async () => ['127.0.0.1'])).rejects.toThrow(ForbiddenAddress);
      await expect(post(host, async () => ['::1'])).rejects.toThrow(ForbiddenAddress);
      expect(receiver.got).toEqual([]);
    },
  );

  test('is not reached beside a public one', async () => {
    await expect(post('acme.example', async () => ['8.8.8.8', '127.0.0.1'])).rejects.toThrow(
      ForbiddenAddress,
    );
    await expect(post('acme.example', async () => ['127.0.0.1', '8.8.8.8'])).rejects.toThrow(
      ForbiddenAddress,
    );
    expect(receiver.got).toEqual([]);
  });

  test('is reached where the operator allows it, as address and as name', async () => {
    const allow = ['127.0.0.0/8'];
    expect(await post('127.0.0.1', noLookup, allow)).toBe(204);
    expect(await post('[::ffff:127.0.0.1]', noLookup, allow)).toBe(204);
    expect(await post('acme.example', async () => ['127.0.0.1'], allow)).toBe(204);
    expect(receiver.got.at(-1)?.headers.host).toBe(`acme.example:${receiver.port}`);
  });
});

describe('a name', () => {
  test('that resolves to an allowed address first and to another one later is refused then', async () => {
    receiver.answer = (response) => response.writeHead(204, { connection: 'close' }).end();
    const answers = [['127.0.0.1'], ['127.0.0.2'], ['127.0.0.1', '10.0.0.1']];
    const agent = guardedAgent(addressFilter(['127.0.0.1/32']), async () => answers.shift() ?? []);
    const send = () => request(`http://acme.example:${receiver.port}/`, { dispatcher: agent });
    await (await send()).body.dump();
    await expect(send()).rejects.toThrow(ForbiddenAddress);
    await expect(send()).rejects.toThrow(ForbiddenAddress);
    expect(receiver.got).toHaveLength(1);
    await agent.destroy();
  });

  test('is resolved once for a connection, so that it cannot change between check and use', async () => {
    const answers = [['127.0.0.1'], ['127.0.0.66']];
    expect(await post('acme.example', async () => answers.shift() ?? [], ['127.0.0.0/8'])).toBe(204);
    expect(answers).toEqual([['127.0.0.66']]);
  });

  test('with an address that is dead is reached at its other one', async () => {
    expect(await post('acme.example', async () => ['127.0.0.2', '127.0.0.1'], ['127.0.0.0/8'])).toBe(204);
  });

  test('without an address is not reached', async () => {
    await expect(post('acme.example', async () => [])).rejects.toThrow(ForbiddenAddress);
  });

  test('is resolved once for all who wait for it', async () => {
    let lookups = 0;
    const agent = guardedAgent(addressFilter(['127.0.0.0/8']), async () => {
      lookups++;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return ['127.0.0.1'];
    });
    const send = () =>
      request(`http://acme.example:${receiver.port}/`, { method: 'POST', dispatcher: agent });
    const answers = await Promise.all(Array.from({ length: 8 }, send));
    await Promise.all(answers.map(({ body }) => body.dump()));
    expect(receiver.got).toHaveLength(8);
    expect(lookups).toBe(1);
    await agent.destroy();
  });

  test('is the one that TLS asks for, although the connection goes to an address', async () => {
    let hello: (bytes: Buffer) => void = () => {};
    const said = new Promise<Buffer>((resolve) => {
      hello = resolve;
    });
    const server = createServer((socket) => socket.once('data', (bytes) => socket.end(() => hello(bytes))));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const agent = guardedAgent(addressFilter(['127.0.0.0/8']), async () => ['127.0.0.1']);
    const url = `https://acme.example:${(server.address() as AddressInfo).port}/`;
    await expect(request(url, { dispatcher: agent })).rejects.toThrow();
    expect((await said).includes('acme.example')).toBe(true);
    await agent.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
});
