// Receivers that are written only from docs/webhooks.md, with what a real attempt delivers. Each language judges all
// deliveries in one run of its own program.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newSecret, publicKeyOf } from '../../src/webhooks/secret.ts';
import { signedHeaders } from '../../src/webhooks/signatures.ts';
import type { Got } from './a-receiver.ts';
import { receiver, sendSignedBy } from './an-attempt.ts';
import { OTHER_SECRET, SECRET } from './events.ts';
import { codeBlock } from './page.ts';

type Case = { secret: string; publicKey: string; headers: Record<string, unknown>; body: string };
type Verdict = { genuine: boolean; kasko: boolean; keyPair?: boolean };

const KEY_PAIR = newSecret('ed25519');
const OTHER_KEY_PAIR = newSecret('ed25519');

const LANGUAGES = [
  {
    language: 'TypeScript',
    program: process.execPath,
    main: 'run.mjs',
    hasKeyPairs: true,
    files: () => ({
      'verify.ts': codeBlock('ts', '### TypeScript'),
      'run.mjs': `
        import { hasKaskoSignature, isGenuine, isSignedByKeyPair } from './verify.ts';
        const cases = JSON.parse(await new Response(process.stdin).text());
        const verdicts = cases.map(({ secret, publicKey, headers, body }) => ({
          genuine: isGenuine(secret, headers, Buffer.from(body)),
          kasko: hasKaskoSignature(secret, headers, Buffer.from(body)),
          keyPair: isSignedByKeyPair(publicKey, headers, Buffer.from(body)),
        }));
        console.log(JSON.stringify(verdicts));`,
    }),
  },
  {
    language: 'Python',
    program: 'python3',
    main: 'run.py',
    hasKeyPairs: false,
    files: () => ({
      'verify.py': codeBlock('python', '### Python'),
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
  },
  {
    language: 'PHP',
    program: 'php',
    main: 'run.php',
    hasKeyPairs: true,
    files: () => ({
      'verify.php': codeBlock('php', '### PHP'),
      'run.php': `<?php
        declare(strict_types=1);
        error_reporting(E_ALL);
        set_error_handler(fn($level, $message) => throw new ErrorException($message));
        require __DIR__ . '/verify.php';
        $verdicts = array_map(fn($case) => [
          'genuine' => isGenuine($case['secret'], $case['headers'], $case['body']),
          'kasko' => hasKaskoSignature($case['secret'], $case['headers'], $case['body']),
          'keyPair' => isSignedByKeyPair($case['publicKey'], $case['headers'], $case['body']),
        ], json_decode(file_get_contents('php://stdin'), true));
        echo json_encode($verdicts);`,
    }),
  },
];

/** What a real attempt brings to a real receiver, signed with these. */
async function delivered(...secrets: string[]): Promise<Got> {
  const one = await receiver();
  expect(await sendSignedBy(one.url, secrets)).toMatchObject({ status: 204 });
  return one.got[0] as Got;
}

let genuine: Case;
let rotating: Case;
let withKeyPair: Case;

beforeAll(async () => {
  const judged = (got: Got) => ({
    secret: SECRET,
    publicKey: publicKeyOf(KEY_PAIR),
    headers: got.headers,
    body: got.body,
  });
  genuine = judged(await delivered(SECRET));
  rotating = judged(await delivered(OTHER_SECRET, SECRET));
  withKeyPair = judged(await delivered(KEY_PAIR, SECRET));
});

const directory = mkdtempSync(join(tmpdir(), 'policydrop-docs-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('the library of Standard Webhooks verifies what is delivered', () => {
  for (const { headers, body } of [genuine, rotating, withKeyPair])
    expect(() => new Webhook(SECRET).verify(body, headers as Record<string, string>)).not.toThrow();
});

describe.each(LANGUAGES)('the $language receiver', ({ language, program, main, files, hasKeyPairs }) => {
  const isMissing = spawnSync(program, ['--version']).status !== 0;
  if (isMissing && language === 'PHP')
    console.warn('The PHP receiver of docs/webhooks.md is not tested: there is no php (Debian: php-cli).');

  beforeAll(() => {
    for (const [name, text] of Object.entries(files())) writeFileSync(join(directory, name), text);
  });

  function verdicts(cases: readonly Case[]): Verdict[] {
    const input = JSON.stringify(cases);
    const { stdout, stderr, error } = spawnSync(program, [join(directory, main)], {
      input,
      encoding: 'utf8',
    });
    if (error) throw new Error(`${program} is needed to test the ${language} receiver: install it`);
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  }

  /** `keyPair` only where the language's receiver knows of it. */
  const all = (value: boolean, keyPair: boolean): Verdict => ({
    genuine: value,
    kasko: value,
    ...(hasKeyPairs && { keyPair }),
  });

  test.skipIf(isMissing && language === 'PHP')('takes what is sent, and nothing else', () => {
    const headers = (more: Record<string, unknown>): Case => ({
      ...withKeyPair,
      headers: { ...withKeyPair.headers, ...more },
    });
    const { 'webhook-signature': signature } = withKeyPair.headers;
    const oneByteOff = [...withKeyPair.body].map((_, i) => ({
      ...withKeyPair,
      body: changed(withKeyPair.body, i),
    }));
    const expected: [Case, Verdict][] = [
      [genuine, all(true, false)],
      [rotating, all(true, false)],
      [
        { ...rotating, secret: OTHER_SECRET },
        { ...all(true, false), kasko: false },
      ],
      [withKeyPair, all(true, true)],
      [{ ...genuine, secret: OTHER_SECRET }, all(false, false)],
      [{ ...withKeyPair, publicKey: publicKeyOf(OTHER_KEY_PAIR) }, all(true, false)],
      [headers({ 'webhook-signature': `v1,AAAA v1a,x v1a,AAAA ${signature}` }), all(true, true)],
      [headers({ 'webhook-id': 'evt_2' }), { ...all(false, false), kasko: true }],
      ...oneByteOff.map((one): [Case, Verdict] => [one, all(false, false)]),
    ];
    expect(verdicts(expected.map(([one]) => one))).toEqual(expected.map(([, verdict]) => verdict));
  });

  test.skipIf(isMissing && language === 'PHP')(
    'refuses what was recorded earlier, and what is no delivery, without an exception',
    () => {
      const at = (seconds: number): Case => ({ ...genuine, body: '{}', headers: headersAt(seconds) });
      const nonsense: Record<string, unknown>[] = [
        {},
        { 'webhook-id': '', 'webhook-timestamp': '', 'webhook-signature': '', 'x-kasko-signature': '' },
        { ...genuine.headers, 'webhook-timestamp': 'now' },
        { ...genuine.headers, 'webhook-signature': 'v1, v1 ü v1a, v1a,ü', 'x-kasko-signature': 'sha1=ü' },
      ];
      const cases = [at(-600), at(600), ...nonsense.map((headers) => ({ ...genuine, headers }))];
      expect(verdicts(cases).map((verdict) => verdict.genuine)).toEqual(cases.map(() => false));
      expect(verdicts([at(-200), at(200)]).map((verdict) => verdict.genuine)).toEqual([true, true]);
    },
  );
});

/** The text with its character number `i` another one. */
function changed(text: string, i: number): string {
  return [...text].map((character, at) => (at === i ? (character === 'x' ? 'y' : 'x') : character)).join('');
}

/** The headers of an attempt `seconds` from now, as node:http gives them. */
function headersAt(seconds: number): Record<string, string> {
  const now = Math.floor(Date.now() / 1000) + seconds;
  const signed = { id: 'evt_1', type: 'policy.created', seconds: now, body: '{}' };
  const headers = signedHeaders(signed, [SECRET]);
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
