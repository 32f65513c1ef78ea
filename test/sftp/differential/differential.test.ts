// The same requests to this server, through `policydrop sftp-subsystem`, and to OpenSSH's sftp-server: where the answers differ, there
// is a reason.
import { existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Site } from '../../journey/a-server.ts';
import { run } from '../an-sftp-server.ts';
import { CASES } from './cases.ts';
import { type Answers, DIFFERENCES, type Difference } from './differences.ts';
import { Peer } from './peer.ts';

const SFTP_SERVER = '/usr/lib/openssh/sftp-server';
const MAIN = fileURLToPath(new URL('../../../src/main.mjs', import.meta.url));

const site = new Site();
const ours = () => ['sftp-subsystem', '--data', site.data, '--account', 'partner'];

beforeAll(async () => {
  site.environment['POLICYDROP_SETTLE'] = '1h';
  site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
  await site.start();
});

afterAll(() => site.remove());

const missing = !existsSync(SFTP_SERVER);
if (missing) console.warn(`Not compared with sftp-server: ${SFTP_SERVER} (openssh-sftp-server) is not here.`);

describe.skipIf(missing)("beside OpenSSH's sftp-server", () => {
  const answers = new Map<string, readonly Answers[]>();
  const differing = (name: string) => (answers.get(name) ?? []).filter(([ours, theirs]) => ours !== theirs);
  const same =
    ([ours, theirs]: Answers) =>
    ([our, their]: Answers) =>
      our === ours && their === theirs;
  const explains = ({ cases, answers }: Difference, name: string, one: Answers) =>
    cases.test(name) && answers.some(same(one));

  beforeAll(async () => {
    const root = join(realpathSync(site.directory), 'theirs');
    for (const folder of ['test', 'live']) mkdirSync(join(root, folder), { recursive: true });
    const one = await Peer.start(process.execPath, [MAIN, ...ours()]);
    const other = await Peer.start(SFTP_SERVER, [], root);
    let n = 0;
    for (const [name, steps] of CASES) {
      const file = `${++n}.csv`;
      const theirs = await other.play(steps, file);
      const ours = await one.play(steps, file);
      answers.set(
        name,
        ours.map((our, step) => [our, theirs[step] ?? '']),
      );
    }
    await Promise.all([one.end(), other.end()]);
  });

  test.each([...CASES.keys()])('%s', (name) => {
    expect(answers.get(name)).not.toHaveLength(0);
    const unexplained = differing(name).filter((one) => !DIFFERENCES.some((why) => explains(why, name, one)));
    expect(unexplained).toEqual([]);
  });

  test.each(DIFFERENCES)('differs where $why', ({ cases, answers }) => {
    const found = [...CASES.keys()].filter((name) => cases.test(name)).flatMap(differing);
    expect(answers.filter((one) => !found.some(same(one)))).toEqual([]);
  });
});

test('the differences stand in the notes for partners', () => {
  const notes = readFileSync('docs/clients.md', 'utf8').replaceAll(/\s+/g, ' ');
  for (const { why } of DIFFERENCES) expect(notes).toContain(why);
});

test("OpenSSH's client works on it without SSH", async () => {
  const bytes = Buffer.alloc(2_000_000, 'policydrop');
  const sent = site.file('sent', bytes);
  const got = join(site.directory, 'got');
  const commands = [
    `put ${sent} /test/direct`,
    `get /test/direct ${got}`,
    'rename /test/direct /test/b',
    'ls -l /test/b',
  ];
  const server = [process.execPath, MAIN, ...ours()].join(' ');
  const { status, stdout } = await run('sftp', ['-D', server, '-b', '-'], `${commands.join('\n')}\n`);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^-rw-r--r-- .* 2000000 .*b$/m);
  expect(readFileSync(got).equals(bytes)).toBe(true);
});
