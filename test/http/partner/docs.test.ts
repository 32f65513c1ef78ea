// Every example of docs/rest.md, run with the real curl in the order of the page against a running server. UPDATE_GOLDEN=1 writes the
// answers anew, to be read and committed.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REJECTION_CODES } from '../../../src/domain/rejection-codes.ts';
import { HttpSite } from '../a-site.ts';

const FILE = new URL('../../../docs/rest.md', import.meta.url);
const EXAMPLE = /```sh\n([\s\S]*?)```\n\n```http\n([\s\S]*?)```/g;
const SHOWN = ['content-type', 'location', 'etag', 'last-modified'];

let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.start();
});
afterAll(() => site.remove());

type Said = { status: string; headers: Map<string, string>; body: Record<string, unknown> };

function run(command: string, variables: Record<string, string>): Promise<Said> {
  const env = { ...process.env, URL: site.server.publicUrl, KEY: site.key, ...variables };
  const child = spawn('bash', ['-c', command.replace('curl ', 'curl -sS ')], { env });
  let said = '';
  child.stdout.on('data', (part) => (said += part));
  child.stderr.on('data', (part) => (said += part));
  return new Promise((resolve) => child.on('close', () => resolve(parsed(said))));
}

function parsed(said: string): Said {
  const [head = '', body = ''] = said.split('\r\n\r\n');
  const [status = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => line.split(/: (.*)/s) as [string, string]);
  return { status, headers: new Map(headers), body: JSON.parse(body) };
}

/** What differs from run to run becomes what stands on the page. */
function shown({ status, headers, body }: Said): string {
  const names = SHOWN.filter((name) => headers.has(name));
  const lines = [status, ...names.map((name) => `${name}: ${headers.get(name)}`)];
  return `${lines.join('\n')}\n\n${JSON.stringify(body, null, 2)}\n`
    .replaceAll(site.server.publicUrl, 'https://policies.example')
    .replaceAll(/tpol_[0-9a-f]{28}/g, 'tpol_01a2083115ac4ac705563c378a7a')
    .replaceAll(/"(qt|pt)_[^"]*"/g, '"$1_…"')
    .replaceAll(/expires=\d+&signature=[\w-]+/g, 'expires=…&signature=…');
}

/** What later examples need of an answer. */
function learnt({ headers, body }: Said): Record<string, string> {
  const found = {
    TOKEN: body['token'],
    ID: body['id'],
    PAYMENT: body['payment_token'],
    ETAG: headers.get('etag'),
    MODIFIED: headers.get('last-modified'),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
}

test('every example of docs/rest.md is answered as it says there', async () => {
  const page = readFileSync(FILE, 'utf8');
  let variables = {};
  let written = page;
  const examples = [...page.matchAll(EXAMPLE)];
  expect(examples.length).toBe((page.match(/```sh/g) ?? []).length);
  for (const [whole, command = '', answer = ''] of examples) {
    const said = await run(command, variables);
    const real = shown(said);
    if (process.env['UPDATE_GOLDEN'] === '1')
      written = written.replace(whole, () =>
        whole.replace(`\`\`\`http\n${answer}`, () => `\`\`\`http\n${real}`),
      );
    else expect(real, command).toBe(answer);
    variables = { ...variables, ...learnt(said) };
    site.now += 60_000;
  }
  if (written !== page) writeFileSync(FILE, written);
}, 120_000);

test('docs/rest.md explains every code that is not explained for files', () => {
  const sources = ['quote-token', 'payments', 'offers', 'quotes', 'body-errors', 'changes', 'idempotency-key']
    .map((name) => readFileSync(new URL(`../../../src/http/partner/${name}.ts`, import.meta.url), 'utf8'))
    .join('');
  const used = [...sources.matchAll(/(?:code: |refused\(\s*)'(\w+)'/g)].map(([, code]) => code ?? '');
  const own = [...new Set(used)].filter((code) => !(REJECTION_CODES as readonly string[]).includes(code));
  const page = readFileSync(FILE, 'utf8');
  const told = [...page.matchAll(/^\| `([a-z]+_[a-z_]+)` \| .* \| .* \|$/gm)].map(([, code]) => code ?? '');
  const limits = ['header_bytes', 'header_time', 'body_bytes', 'request_time', 'idle_time'];
  expect(told.filter((code) => !limits.includes(code)).sort()).toEqual(own.sort());
});
