import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { gatherWrites } from '../../../src/sftp/transport/gathered-writes.ts';

/** Both ends of a connection, and how many calls the first one's writes took. */
async function pair() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const client = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1');
  const [other] = (await once(server, 'connection')) as [Socket];
  server.close();
  let calls = 0;
  for (const method of ['_write', '_writev'] as const) {
    const real = client[method] as (...args: unknown[]) => void;
    client[method] = (...args: unknown[]) => {
      calls += 1;
      real.apply(client, args);
    };
  }
  gatherWrites(client);
  return { client, other, calls: () => calls };
}

test('the pieces of one turn leave together and in order, also those of the next', async () => {
  const { client, other, calls } = await pair();
  for (const piece of ['a', 'b', 'c']) client.write(piece);
  await new Promise((resolve) => setImmediate(resolve));
  expect(calls()).toBe(1);
  client.write('d');
  client.write('e', () => client.end('f'));
  const [...chunks] = await other.toArray();
  expect(Buffer.concat(chunks).toString()).toBe('abcdef');
  expect(calls()).toBe(3);
});

test('what was written just before the end is not lost', async () => {
  const { client, other } = await pair();
  client.write('last ');
  client.end('words');
  expect(Buffer.concat(await other.toArray()).toString()).toBe('last words');
});
