import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EVENT_TYPES } from '../../src/domain/event.ts';
import { TOTAL_TIMEOUT } from '../../src/webhooks/attempt.ts';
import { bodyOf } from '../../src/webhooks/bodies.ts';
import { RETRY_AFTER } from '../../src/webhooks/schedule.ts';
import { PER_ENDPOINT } from '../../src/webhooks/sender.ts';
import { signedHeaders } from '../../src/webhooks/signatures.ts';
import { EVENTS, SECRET } from './events.ts';

const PAGE = readFileSync(new URL('../../docs/webhooks.md', import.meta.url), 'utf8');

/** The first code block of a language, in the part of the page below `heading`. */
function codeBlock(language: string, heading = ''): string {
  const [, code] = PAGE.slice(PAGE.indexOf(heading)).split(`\`\`\`${language}\n`);
  if (code === undefined || !PAGE.includes(heading))
    throw new Error(`docs/webhooks.md has no ${language} below ${heading}`);
  return code.slice(0, code.indexOf('```'));
}

describe('docs/webhooks.md', () => {
  test.each(EVENT_TYPES)('explains %s, and shows its body as it is sent', (type) => {
    expect(PAGE).toContain(`| \`${type}\` |`);
    const sent = JSON.parse(bodyOf(EVENTS[type], 'https://policies.example'));
    expect(codeBlock('json', `### ${type}\n`)).toBe(`${JSON.stringify(sent, null, 2)}\n`);
  });

  test('names every header', () => {
    const headers = signedHeaders({ id: 'evt_1', type: 'policy.created', seconds: 0, body: '' }, [SECRET]);
    for (const name of Object.keys(headers)) expect(PAGE).toContain(`| \`${name}\` |`);
  });

  test('tells the schedule and the limits as they are', () => {
    const text = PAGE.replaceAll('\n', ' ');
    const waits = RETRY_AFTER.map(inWords);
    expect(text).toContain(`at once, then after ${waits.slice(0, -1).join(', ')} and ${waits.at(-1)}`);
    expect(text).toContain(`no answer within ${TOTAL_TIMEOUT / 1000} s`);
    expect(text).toContain(`up to ${PER_ENDPOINT} at a time`);
  });
});

function inWords(ms: number): string {
  if (ms < 60_000) return `${ms / 1000} s`;
  return ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`;
}

type Case = { secret: string; headers: Record<string, string | undefined>; body: string };
type Verdict = { genuine: boolean; kasko: boolean };

const directory = mkdtempSync(join(tmpdir(), 'policydrop-docs-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Both ways to run the page's code: a program that reads cases and prints a verdict on each. */
const LANGUAGES = [
  {
    language: 'TypeScript',
    files: () => ({
      'verify.ts': codeBlock('ts'),
      'run.mjs': `
        import { hasKaskoSignature, isGenuine } from './verify.ts';
        const cases = JSON.parse(await new Response(process.stdin).text());
        const verdicts = cases.map(({ secret, headers, body }) => ({
          genuine: isGenuine(secret, headers, Buffer.from(body)),
          kasko: hasKaskoSignature(secret, headers, Buffer.from(body)),
        }));
        console.log(JSON.stringify(verdicts));`,
    }),
    command: [process.execPath, join(directory, 'run.mjs')],
  },
  {
    language: 'Python',
    files: () => ({
      'verify.py': codeBlock('python'),
      'run.py': [
        'import json, sys',
        'from verify import has_kasko_signature, is_genuine',
        'def verdict(case):',
        '    body = case["body"].encode()',
        '    secret, headers = case["secret"], case["headers"]',
        '    return {"genuine": is_genuine(secret, headers, body), "kasko": has_kasko_signature(secret, headers, body)}',
        'print(json.dumps([verdict(case) for case in json.load(sys.stdin)]))',
      ].join('\n'),
    }),
    command: ['python3', join(directory, 'run.py')],
  },
];

describe.each(LANGUAGES)('the $language receiver of docs/webhooks.md', ({ language, files, command }) => {
  beforeAll(() => {
    for (const [name, text] of Object.entries(files())) writeFileSync(join(directory, name), text);
  });

  function verdict(changes: Partial<Case> = {}, headers: Case['headers'] = {}): Verdict {
    const body = bodyOf(EVENTS['policy.created'], 'https://policies.example');
    const genuine = { secret: SECRET, headers: sentHeaders(body), body, ...changes };
    const cases = [{ ...genuine, headers: { ...genuine.headers, ...headers } }];
    const [program = '', ...args] = command;
    const { stdout, stderr, status } = spawnSync(program, args, {
      input: JSON.stringify(cases),
      encoding: 'utf8',
    });
    if (status === null)
      throw new Error(`${program} is needed to test the ${language} receiver: install ${program}`);
    expect(stderr).toBe('');
    return JSON.parse(stdout)[0];
  }

  test('takes what is sent', () => {
    expect(verdict()).toEqual({ genuine: true, kasko: true });
  });

  test('takes one good signature among others', () => {
    const { 'webhook-signature': good } = sentHeaders(
      bodyOf(EVENTS['policy.created'], 'https://policies.example'),
    );
    expect(verdict({}, { 'webhook-signature': `v1,AAAA v1a,x ${good}` }).genuine).toBe(true);
  });

  test('refuses another body', () => {
    expect(verdict({ body: '{}' })).toEqual({ genuine: false, kasko: false });
  });

  test('refuses another secret', () => {
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    expect(verdict({ secret })).toEqual({ genuine: false, kasko: false });
  });

  test('refuses what was recorded ten minutes ago', () => {
    const body = '{}';
    expect(verdict({ body, headers: sentHeaders(body, -600) }).genuine).toBe(false);
    expect(verdict({ body, headers: sentHeaders(body, 600) }).genuine).toBe(false);
  });

  test.each([
    ['no headers at all', {}],
    [
      'empty ones',
      { 'webhook-id': '', 'webhook-timestamp': '', 'webhook-signature': '', 'x-kasko-signature': '' },
    ],
    ['a timestamp that is no number', { 'webhook-timestamp': 'now' }],
    ['signatures that are none', { 'webhook-signature': 'v1, v1 ü', 'x-kasko-signature': 'sha1=ü' }],
  ])('refuses %s, without an exception', (_what, headers: Case['headers']) => {
    const full = Object.keys(headers).length === 0 ? { headers: {} } : {};
    expect(verdict(full, headers).genuine).toBe(false);
  });
});

/** The headers of an attempt `seconds` from now, as node:http gives them. */
function sentHeaders(body: string, seconds = 0): Case['headers'] {
  const now = Math.floor(Date.now() / 1000) + seconds;
  const headers = signedHeaders({ id: 'evt_1', type: 'policy.created', seconds: now, body }, [SECRET]);
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
