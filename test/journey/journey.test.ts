import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Receiver } from './a-receiver.ts';
import { EXAMPLE, eventually, Site } from './a-server.ts';

type ImportRecord = { id: string; file: string; mode: string; state: string } & Record<string, number>;
type PolicyRecord = {
  id: string;
  mode: string;
  policyholder: Record<string, string>;
  premium: Record<string, number>;
};

const site = new Site();
const receiver = new Receiver();

beforeAll(async () => {
  site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
  const [endpoint] = site.cli<{ secret: string }>('webhook', 'add', 'partner', await receiver.listen());
  receiver.secret = endpoint?.secret ?? '';
  await site.start();
});

afterAll(async () => {
  await site.remove();
  receiver.close();
});

/** The newest import, once it is over; `count` files have been dropped so far. */
function finished(count: number): Promise<ImportRecord> {
  return eventually(() => {
    const imports = site.cli<ImportRecord>('imports', 'list');
    return imports.length === count && imports.every((one) => one.state === 'completed') && imports[0];
  });
}

function policies(): PolicyRecord[] {
  return site.cli<PolicyRecord>('policies', 'list', '--limit', '1000');
}

describe('a partner drops the published example with OpenSSH', () => {
  const example = readFileSync(EXAMPLE, 'utf8');

  test('nothing but test and live is there before the first file', () => {
    expect(site.sftp('ls -1').stdout.trim().split('\n').slice(1)).toEqual(['live', 'test']);
  });

  test('in /test every row becomes a test policy', async () => {
    expect(site.sftp(`put ${EXAMPLE} test/`).status).toBe(0);
    expect(await finished(1)).toMatchObject({ file: 'tickets.csv', mode: 'test', rows: 2, created: 2 });
    expect(policies().map((policy) => policy.id)).toEqual([
      expect.stringMatching(/^tpol_[0-9a-z]{28}$/),
      expect.stringMatching(/^tpol_[0-9a-z]{28}$/),
    ]);
  });

  test('the file appears in /imports_processed, byte for byte, and leaves /test', async () => {
    await eventually(() => site.sftp('ls -1 imports_processed').stdout.includes('tickets.csv'));
    expect(site.sftp('get imports_processed/tickets.csv got.csv').status).toBe(0);
    expect(readFileSync(join(site.directory, 'got.csv'), 'utf8')).toBe(example);
    expect(site.sftp('ls -1 test').stdout).not.toContain('tickets.csv');
  });

  test('in /live every row becomes a live policy of its own', async () => {
    expect(site.sftp(`put ${EXAMPLE} live/`).status).toBe(0);
    expect(await finished(2)).toMatchObject({ mode: 'live', created: 2 });
    expect(
      policies()
        .filter((policy) => policy.mode === 'live')
        .map((policy) => policy.id.slice(0, 5)),
    ).toEqual(['lpol_', 'lpol_']);
  });

  test('dropped again, its rows are duplicates and no policy is made', async () => {
    expect(site.sftp(`put ${EXAMPLE} test/`).status).toBe(0);
    expect(await finished(3)).toMatchObject({ rows: 2, created: 0, duplicates: 2, rejected: 0 });
    expect(policies()).toHaveLength(4);
    await eventually(() => site.sftp('ls -1 imports_processed').stdout.includes('tickets (3).csv'));
  });

  test('the same key with one changed cell is an idempotency_conflict', async () => {
    const changed = site.file('changed.csv', example.replace('"Nick"', '"Nicholas"'));
    expect(site.sftp(`put ${changed} test/`).status).toBe(0);
    const one = await finished(4);
    expect(one).toMatchObject({ created: 0, duplicates: 1, rejected: 1 });
    const [rejected] = site.cli<{ errors: { code: string; message: string }[] }>(
      'imports',
      'rejected',
      one.id,
    );
    expect(rejected?.errors).toEqual([expect.objectContaining({ code: 'idempotency_conflict' })]);
    expect(rejected?.errors[0]?.message).toContain('tickets.csv');
  });

  test('every policy and every import was told to the receiver, signed, once or more with the same id', async () => {
    await eventually(() => receiver.of('import.completed').length >= 4);
    const created = new Set(receiver.of('policy.created').map(({ body }) => body['id']));
    expect(created).toEqual(new Set(policies().map((policy) => policy.id)));
    expect(receiver.of('policy.rejected')).toHaveLength(1);
  });
});

describe('a file with bad rows', () => {
  const [header = '', good = ''] = readFileSync(EXAMPLE, 'utf8').split('\n');
  const row = (key: string, change: (line: string) => string = (line) => line) =>
    change(good.replace('c93dc6de-08f7-4551-ab0e-ea19e5fccb2c', key));
  const mixed = [
    header,
    row('bad-1', (line) => line.replace('"3000", "Nick"', '"3000", ""')),
    row('bad-2', (line) => line.replace('"2022-11-11"', '"2022-11-31"')),
    row('bad-3', (line) => line.replace('in_41c2f22d51612f04ee2c48eca3dc0', 'in_nobody')),
    row(''),
    row('good-1'),
  ];
  let id = '';

  test('makes a policy of the good row and rejects the others with column, value and reason', async () => {
    expect(site.sftp(`put ${site.file('mixed.csv', `${mixed.join('\n')}\n`)} test/`).status).toBe(0);
    const one = await finished(5);
    id = one.id;
    expect(one).toMatchObject({ rows: 5, created: 1, duplicates: 0, rejected: 4 });
    await eventually(() => receiver.of('import.completed').some(({ body }) => body['import_id'] === id));
    const calls = receiver.of('policy.rejected').filter(({ body }) => body['import_id'] === id);
    const messages = calls
      .toSorted((a, b) => Number(a.body['row']) - Number(b.body['row']))
      .map(({ body }) => body['message']);
    expect(messages).toEqual([
      expect.stringMatching(/policy\.first_name.*missing/),
      expect.stringMatching(/quote\.data\.policy_start_date.*"2022-11-31"/),
      expect.stringMatching(/integration_id.*"in_nobody"/),
      expect.stringMatching(/idempotency_key.*missing/),
    ]);
  });

  test('its .rejected.csv, once corrected, imports', async () => {
    await eventually(() => site.sftp('ls -1 imports_reports').stdout.includes('mixed.csv.rejected.csv'));
    expect(site.sftp('get imports_reports/mixed.csv.* .').status).toBe(0);
    const report = readFileSync(join(site.directory, 'mixed.csv.report.csv'), 'utf8');
    expect(report.trim().split('\r\n')).toHaveLength(6);
    const rejected = readFileSync(join(site.directory, 'mixed.csv.rejected.csv'), 'utf8');
    const corrected = rejected
      .replace('"3000", ""', '"3000", "Nick"')
      .replace('2022-11-31', '2022-11-30')
      .replace('in_nobody', 'in_41c2f22d51612f04ee2c48eca3dc0')
      .replace(/^""/m, '"new-key"');
    expect(site.sftp(`put ${site.file('corrected.csv', corrected)} test/`).status).toBe(0);
    expect(await finished(6)).toMatchObject({ rows: 4, created: 4, rejected: 0 });
  });
});
