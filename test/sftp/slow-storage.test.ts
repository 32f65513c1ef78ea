import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ClientChannel } from 'ssh2';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { string, uint32, uint64 } from '../../src/sftp/protocol/wire.ts';
import { RawClient } from './a-raw-client.ts';
import { INIT, NO_ATTRIBUTES, request, TYPE } from './protocol/a-conversation.ts';

const SERVER = new URL('a-slow-server.ts', import.meta.url);
const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/policydrop', import.meta.url));
const MIB = 1024 * 1024;
const TRIED = 512 * MIB; // what each client would send, if somebody took it
const IDLE_TURNS = 20_000; // of the event loop in which nothing is taken: the server has stopped reading

let server: ChildProcess;
let place: { port: number; key: string; directories: string[] };

/** As the program starts: from plain JavaScript, the rest compiled before. */
async function start(): Promise<void> {
  server = spawn(process.execPath, ['--max-semi-space-size=1', '-e', `import('${SERVER}')`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, MALLOC_ARENA_MAX: '2' },
  });
  if (!server.stdout) throw new Error('no stdout');
  const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
  place = JSON.parse(line);
}

async function stop(): Promise<void> {
  const ended = once(server, 'exit');
  server.kill('SIGKILL'); // it would go on writing what has arrived
  await ended;
  for (const directory of place.directories) rmSync(directory, { recursive: true });
}

beforeAll(() => start().then(stop)); // compiles
beforeEach(start);
afterEach(stop);

/** Bytes of memory that the server has, or has had at most. */
function resident(what: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  return Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
}

/** WRITEs as fast as they are taken, without ever reading an answer; until no more are. */
async function flood(channel: ClientChannel): Promise<number> {
  const handle = string('1');
  const writing = request(TYPE.write, 2, handle, uint64(0), string(Buffer.alloc(32_768)));
  channel.pause();
  channel.write(
    Buffer.concat([INIT, request(TYPE.open, 1, string('/test/a.csv'), uint32(26), NO_ATTRIBUTES)]),
  );
  let sent = 0;
  for (let idle = 0; idle < IDLE_TURNS && sent < TRIED; idle++) {
    if (channel.writableLength < 4 * writing.length) {
      channel.write(writing);
      sent += writing.length;
      idle = 0;
    }
    await turn();
  }
  return sent;
}

// Only Linux tells how much memory another process has had at most.
const told = existsSync('/proc/self/status');
if (!told)
  console.warn('Not run: what a client that never reads costs; only Linux tells of the memory of a process.');

test.skipIf(!told).each([
  { channels: 1, growth: 16, all: 150 },
  { channels: 10, growth: 80, all: 230 },
])(
  'a client that never reads on $channels channels, on storage of 5 s a write, costs the server $growth MiB at most, $all in all',
  async ({ channels, growth, all }) => {
    const before = resident('VmRSS');
    const client = await RawClient.login(place);
    const opened = await Promise.all(Array.from({ length: channels }, () => client.channel()));
    const sent = (await Promise.all(opened.map(flood))).reduce((sum, one) => sum + one, 0);
    const most = resident('VmHWM');
    client.client.destroy();
    await client.closed;
    expect(sent).toBeGreaterThan(channels * MIB);
    expect(sent).toBeLessThan(channels * 8 * MIB);
    expect(most - before).toBeLessThan(growth * MIB);
    expect(most).toBeLessThan(all * MIB);
  },
);
