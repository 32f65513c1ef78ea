// Clients that ask and ask, and never take an answer.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { Client, ClientChannel } from 'ssh2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { string, uint32, uint64 } from '../../../src/sftp/protocol/wire.ts';
import { ssh2 } from '../../../src/sftp/transport/ssh2/ssh2.ts';
import { type SftpSite, startSite } from '../an-sftp-server.ts';
import { INIT, NO_ATTRIBUTES, request, TYPE } from '../protocol/a-conversation.ts';

type Private = {
  _sock: Socket;
  _protocol: { ping(): void; channelWindowAdjust(channel: number, bytes: number): void };
};

let site: SftpSite;
let client: Client;

beforeEach(async () => {
  site = await startSite();
  client = new ssh2.Client();
  client.on('error', () => {});
  client.connect({
    host: '127.0.0.1',
    port: site.port,
    username: 'partner',
    privateKey: readFileSync(site.key),
  });
  await once(client, 'ready');
});

afterEach(async () => {
  client.destroy();
  await site.remove();
});

const inside = () => client as unknown as Private;

test('whoever opens the window as far as it goes and reads nothing does not fill the memory', async () => {
  site.file('root/test/a.csv', Buffer.alloc(261_120));
  const channel = await new Promise<ClientChannel>((resolve, reject) => {
    client.subsys('sftp', (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  channel.write(INIT);
  await once(channel, 'data');
  channel.write(request(TYPE.open, 1, string('/test/a.csv'), uint32(1), NO_ATTRIBUTES));
  await once(channel, 'data');
  inside()._protocol.channelWindowAdjust((channel.outgoing as { id: number }).id, 0x7fff_ffff);
  inside()._sock.pause();
  const before = process.memoryUsage().arrayBuffers;
  const reading = request(TYPE.read, 2, string('1'), uint64(0), uint32(261_120));
  channel.write(Buffer.concat(Array.from({ length: 1_000 }, () => reading)));
  await sleep(2_000);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
});

test('whoever sends nothing but requests that are refused, and takes no refusal, is cut off', async () => {
  inside()._sock.pause();
  const cutOff = () => site.log.lines.some(({ message }) => message === 'a client does not take its answers');
  while (!cutOff()) {
    for (let count = 0; count < 1_000; count++) inside()._protocol.ping();
    await turn();
  }
}, 240_000); // some 200 000 requests
