// `policydrop listen`, with deliveries of a real sender.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { expectGolden } from '../import/golden.ts';
import { send } from '../webhooks/an-attempt.ts';
import { OTHER_SECRET, SECRET } from '../webhooks/events.ts';

const MAIN = fileURLToPath(new URL('../../src/main.mjs', import.meta.url));

let directory: string;
let child: ChildProcess;
let lines: Interface;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'policydrop-'));
});

afterEach(() => {
  child.kill('SIGKILL');
  rmSync(directory, { recursive: true });
});

function start(args: string[], env: Record<string, string> = {}): ChildProcess {
  child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...env },
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return child;
}

/** Starts listening on a free port; resolves to its URL. */
async function listen(json: boolean, args: string[] = [], env: Record<string, string> = {}): Promise<string> {
  const { stdout } = start([...(json ? ['--json'] : []), 'listen', '--port', '0', ...args], env);
  if (!stdout) throw new Error('nobody says where it listens');
  lines = createInterface(stdout);
  const [, url = ''] = /(http:\/\/127\.0\.0\.1:\d+\/)/.exec(await nextLine()) ?? [];
  return url;
}

const nextLine = () => new Promise<string>((resolve) => lines.once('line', resolve));
const nextRecord = async () => JSON.parse(await nextLine()) as Record<string, unknown>;

function secretFile(...secrets: string[]): string {
  writeFileSync(join(directory, 'secret'), `${secrets.join('\n')}\n`);
  return 'secret';
}

async function refusalOf(args: string[], env: Record<string, string> = {}) {
  const { stderr } = start(['listen', '--port', '0', ...args], env);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const text = Buffer.concat((await stderr?.toArray()) ?? []).toString();
  return [await ended, text];
}

describe('listen', () => {
  test('shows what came and what of it is verified, to people', async () => {
    const url = await listen(false, ['--secret', secretFile(SECRET)]);
    const shown: string[] = [];
    lines.on('line', (line) => shown.push(stripVTControlCharacters(line)));
    await send(`${url}hooks`);
    while (shown.at(-1) !== '    }') await nextLine();
    const text = `${shown.join('\n')}\n`
      .replace(/\d\d:\d\d:\d\d/, '09:15:00')
      .replace(/\d+ s ago/, '0 s ago')
      .replace(/expires=\d+&signature=[\w-]+/, 'expires=1795425300&signature=przUa7GW28Uy');
    expectGolden('../cli/listen.txt', text);
  });

  test('prints a record a line for programs, and answers as it is told', async () => {
    const url = await listen(true, ['--status', '503'], { POLICYDROP_LISTEN_SECRET: SECRET });
    const [outcome, record] = await Promise.all([send(url), nextRecord()]);
    expect(outcome.status).toBe(503);
    expect(record).toMatchObject({
      method: 'POST',
      type: 'policy.created',
      genuine: true,
      status: 503,
      body: { policy_id: 'TR-000000042' },
    });
    expect(record['checks']).toHaveLength(3);
  });

  test('says so when a signature is wrong, or when there is no secret', async () => {
    const wrong = await listen(true, ['--secret', secretFile(OTHER_SECRET)]);
    const [, record] = await Promise.all([send(wrong), nextRecord()]);
    expect(record).toMatchObject({ genuine: false, status: 200 });
    child.kill('SIGKILL');
    const unknown = await listen(true);
    const [, other] = await Promise.all([send(unknown), nextRecord()]);
    expect(other).toMatchObject({
      genuine: false,
      checks: [{ result: 'unknown' }, {}, { result: 'unknown' }],
    });
  });

  test('shows what is no delivery without letting it steer the terminal', async () => {
    const url = await listen(false);
    const shown: string[] = [];
    lines.on('line', (line) => shown.push(line));
    await fetch(url, { method: 'PUT', body: 'no JSON \u001b[2J' });
    while (!shown.join('\n').includes('no JSON')) await nextLine();
    expect(shown.join('\n')).toContain('no webhook-id');
    expect(shown.join('\n')).not.toContain('\u001b[2J');
  });

  test('ends at Ctrl-C', async () => {
    await listen(false);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  test.each([
    [['--secret', SECRET], {}, 'others on this machine can see'],
    [['--secret', '/nowhere'], {}, 'cannot be read'],
    [[], { POLICYDROP_LISTEN_SECRET: 'hunter2' }, 'POLICYDROP_LISTEN_SECRET holds something that is neither'],
    [['--status', '99'], {}, 'A status such as'],
  ])('refuses %j with %j', async (args, env, reason) => {
    const [status, text] = await refusalOf(args, env);
    expect([status, text]).toEqual([2, expect.stringContaining(reason)]);
    expect(text).not.toContain('hunter2');
  });
});
