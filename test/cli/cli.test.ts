import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EXAMPLE, Site } from '../journey/a-server.ts';
import { makeKey, publicKey } from '../sftp/an-sftp-server.ts';
import { issue } from '../sftp/login/a-certificate.ts';

let site: Site;

beforeEach(() => {
  site = new Site();
});

afterEach(() => site.remove());

function addPartner(...options: string[]): void {
  site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`, ...options);
}

describe('exit codes', () => {
  test('0 and the help on standard output when help is asked for', () => {
    const { status, stdout } = site.cliResult('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('serve');
  });

  test.each([
    [['nonsense']],
    [['account', 'add', 'partner']],
    [['account', 'add', '../x', '--key', 'k']],
    [['import', 'f.csv', '--account', 'partner', '--mode', 'prod']],
    [['imports', 'list', '--limit', 'many']],
    [['--config', '/nowhere.yaml', 'imports', 'list']],
  ])('2 for wrong usage: %j', (args) => {
    expect(site.cliResult(...args).status).toBe(2);
  });

  test('1 for a directory that holds nothing, which stays as it was', () => {
    const { status, stderr } = site.cliResult('imports', 'list');
    expect(status).toBe(1);
    expect(stderr).toContain('There is nothing in');
    expect(existsSync(site.data)).toBe(false);
  });

  test('1 for what is not there', () => {
    addPartner();
    for (const args of [
      ['account', 'show', 'nobody'],
      ['imports', 'show', 'imp_0'],
      ['policies', 'show', 'tpol_0'],
      ['webhook', 'remove', 'partner', 'whk_0'],
      ['key', 'remove', 'partner', 'SHA256:x'],
      ['import', '/nowhere.csv', '--account', 'partner', '--mode', 'test'],
    ]) {
      const { status, stderr, stdout } = site.cliResult('--json', ...args);
      expect([args, status, stdout]).toEqual([args, 1, '']);
      expect(stderr).not.toContain('    at ');
    }
  });
});

describe('accounts and keys', () => {
  test('a name can be taken only once', () => {
    addPartner();
    const again = site.cliResult('account', 'add', 'partner', '--key', `${site.key}.pub`);
    expect(again.status).toBe(1);
    expect(again.stderr).toContain('partner');
  });

  test('a private key is refused with the advice to give the public one', () => {
    const { status, stderr } = site.cliResult('account', 'add', 'partner', '--key', site.key);
    expect(status).toBe(1);
    expect(stderr).toMatch(/private/i);
    expect(stderr).toContain('.pub');
  });

  test('are listed, disabled and enabled', () => {
    addPartner('--mode', 'test');
    expect(site.cli('account', 'list')).toEqual([
      expect.objectContaining({ name: 'partner', modes: ['test'], disabled: false }),
    ]);
    expect(site.cli('account', 'disable', 'partner')).toEqual([expect.objectContaining({ disabled: true })]);
    expect(site.cli('account', 'enable', 'partner')).toEqual([expect.objectContaining({ disabled: false })]);
    const [key] = site.cli<{ fingerprint: string }>('key', 'list', 'partner');
    expect(key?.fingerprint).toMatch(/^SHA256:/);
    expect(site.cli('key', 'remove', 'partner', key?.fingerprint ?? '')).toEqual([]);
  });
});

describe('the limits of a key', () => {
  const add = (...options: string[]) => site.cli('key', 'add', 'partner', `${site.key}.pub`, ...options);

  test('are shown, and replaced when the key is added again', () => {
    addPartner();
    expect(add('--expires', '2087-01-31', '--from', '203.0.113.0/24', '--from', '2001:db8::7')).toEqual([
      expect.objectContaining({
        from: ['203.0.113.0/24', '2001:db8::7/128'],
        expires_at: '2087-02-01T00:00:00.000Z',
      }),
    ]);
    expect(site.cliResult('key', 'list', 'partner').stdout).toContain('203.0.113.0/24, 2001:db8::7/128');
    expect(add()).toEqual([expect.objectContaining({ from: [], expires_at: null })]);
  });

  test.each([
    [['--expires', '2087-02-30'], '2087-02-30'],
    [['--expires', 'soon'], 'soon'],
    [['--expires', '2020-01-31'], 'over already'],
    [['--from', '10.0.0.0/33'], '10.0.0.0/33'],
    [['--from', 'example.com'], 'example.com'],
  ])('%j is refused by name', (options, named) => {
    addPartner();
    const { status, stderr } = site.cliResult('key', 'add', 'partner', `${site.key}.pub`, ...options);
    expect(status).toBe(2);
    expect(stderr).toContain(named);
  });
});

describe('authorities and revocations', () => {
  const ca = (...options: string[]) =>
    site.cli('key', 'add', 'partner', `${site.key}.pub`, '--ca', ...options);

  test("an authority is for the account's name, or for the principals that are given", () => {
    addPartner();
    expect(site.cli('key', 'list', 'partner')).toEqual([expect.objectContaining({ principals: null })]);
    expect(ca()).toEqual([expect.objectContaining({ principals: ['partner'] })]);
    expect(ca('--principal', 'ops', '--principal', 'nightly run', '--from', '10.0.0.1')).toEqual([
      expect.objectContaining({ principals: ['ops', 'nightly run'], from: ['10.0.0.1/32'] }),
    ]);
    expect(site.cli('account', 'show', 'partner')).toMatchObject([
      { keys: [{ principals: ['ops', 'nightly run'] }] },
    ]);
    expect(site.cliResult('account', 'show', 'partner').stdout).toContain(
      '(certifies ops, nightly run; from 10.0.0.1/32)',
    );
  });

  test('a key, a certificate and serials are revoked, listed, and cannot be added again', () => {
    addPartner();
    const keys = Array.from({ length: 3 }, () => makeKey(site.directory, 'ed25519'));
    const [first = '', second = '', third = ''] = keys;
    const fingerprints = keys.map((file) => publicKey(file).fingerprint);
    const certificate = issue(site.key, second);
    site.cli('key', 'revoke', 'partner', `${first}.pub`);
    site.cli('key', 'revoke', 'partner', certificate, '--serial', '17', '--serial', '18446744073709551615');
    site.cli('key', 'revoke', 'partner', publicKey(third).fingerprint);
    const revoked = site.cli('key', 'list', 'partner').flatMap((line) => line['revoked'] ?? []);
    expect(new Set(revoked)).toEqual(new Set([...fingerprints, 'serial 17', 'serial 18446744073709551615']));
    const { status, stderr } = site.cliResult('key', 'add', 'partner', `${second}.pub`);
    expect([status, stderr]).toEqual([1, expect.stringContaining('is revoked for partner')]);
    expect(site.cli('key', 'list', 'partner').filter((line) => 'fingerprint' in line)).toHaveLength(1);
  });

  test.each([
    [['add', 'partner', 'KEY', '--principal', 'ops'], 2, 'add --ca'],
    [['add', 'partner', 'KEY', '--ca', '--principal', 'a,b'], 2, 'a,b'],
    [['revoke', 'partner'], 2, '--serial N'],
    [['revoke', 'partner', '--serial', '0'], 2, 'have 0'],
    [['revoke', 'partner', '--serial', '18446744073709551616'], 2, '18446744073709551616'],
    [['revoke', 'partner', '/nowhere'], 1, '/nowhere'],
    [['revoke', 'nobody', '--serial', '1'], 1, 'nobody'],
  ])('key %j ends with %s', (args, code, named) => {
    addPartner();
    const { status, stderr } = site.cliResult(
      'key',
      ...args.map((one) => one.replace('KEY', `${site.key}.pub`)),
    );
    expect([status, stderr]).toEqual([code, expect.stringContaining(named)]);
  });

  test('a certificate is no key: what is wanted is that of its authority', () => {
    addPartner();
    const certificate = issue(site.key, makeKey(site.directory, 'ed25519'));
    expect(site.cliResult('key', 'add', 'partner', certificate).stderr).toContain(
      'the public key of the authority',
    );
  });
});

describe('import', () => {
  test('without a server --wait imports here, and a second time finds duplicates', () => {
    addPartner();
    const once = () => site.cli('import', EXAMPLE, '--account', 'partner', '--mode', 'test', '--wait')[0];
    expect(once()).toMatchObject({ state: 'completed', rows: 2, created: 2 });
    expect(once()).toMatchObject({ state: 'completed', rows: 2, duplicates: 2 });
    expect(site.cli('policies', 'list', '--limit', '1')).toHaveLength(1);
    expect(site.cli('policies', 'list')[0]).toMatchObject({
      account: 'partner',
      mode: 'test',
      product_id: 'pr_547524daf0e465553dfaf6c66d442',
      policyholder: { first_name: 'John', last_name: 'Smith', email: 'john.smith@com', language: 'en' },
      quote_data: {
        protected_element: { '1': { price: 3000 } },
        pem_exclusion: true,
        sports_inclusion: false,
      },
    });
  });

  test('without --wait the file is queued for the next server', () => {
    addPartner();
    expect(site.cli('import', EXAMPLE, '--account', 'partner', '--mode', 'live')[0]).toMatchObject({
      mode: 'live',
      created: 0,
    });
    expect(site.cli('imports', 'list')).toEqual([expect.objectContaining({ state: 'queued' })]);
  });

  test('a file that cannot be read ends with 1 and the reason', () => {
    addPartner();
    const file = site.file(
      'bad.csv',
      'idempotency_key;integration_id;polcy.email\n1;in_41c2f22d51612f04ee2c48eca3dc0;a@b\n',
    );
    const { status, stderr } = site.cliResult(
      'import',
      file,
      '--account',
      'partner',
      '--mode',
      'test',
      '--wait',
    );
    expect(status).toBe(1);
    expect(stderr).toContain('did you mean `policy.email`');
  });

  test('a name that is not eligible is refused at once', () => {
    addPartner();
    const file = site.file('notes.txt', 'x');
    expect(site.cliResult('import', file, '--account', 'partner', '--mode', 'test').stderr).toContain('.csv');
  });
});

describe('products', () => {
  test('an operator replaces the tariff without touching code', () => {
    addPartner();
    site.cli('import', EXAMPLE, '--account', 'partner', '--mode', 'test', '--wait');
    const shipped = readFileSync(
      new URL('../../products/ticketplan-ticket-refund.yaml', import.meta.url),
      'utf8',
    );
    const mine = site.file(
      'mine.yaml',
      shipped.replace('{ up_to: 3000, net: 1037 }', '{ up_to: 3000, net: 2000 }'),
    );
    expect(site.cli('product', 'publish', mine)).toEqual([expect.objectContaining({ version: 2 })]);
    expect(site.cli('product', 'list')).toEqual([expect.objectContaining({ version: 2 })]);
    const other = site.file(
      'other.csv',
      readFileSync(EXAMPLE, 'utf8').replaceAll(/^"[0-9a-f]{8}-/gm, '"new-'),
    );
    site.cli('import', other, '--account', 'partner', '--mode', 'test', '--wait');
    const nets = site
      .cli<{ premium: { net: number } }>('policies', 'list')
      .map((policy) => policy.premium.net);
    expect(nets).toEqual([2000, 2000, 1037, 1037]);
  });

  test('a broken definition is refused with the place', () => {
    addPartner();
    const broken = site.file('broken.yaml', 'id: pr_1\n');
    expect(site.cliResult('product', 'publish', broken).stderr).toContain('broken.yaml');
  });
});

test("what a table shows of a partner's data cannot steer the terminal", () => {
  addPartner();
  const evil = site.file('evil.csv', 'idempotency_key,integration_id,"pol\u001b[2Jicy.email"\n1,2,3\n');
  const { stderr, stdout } = site.cliResult(
    'import',
    evil,
    '--account',
    'partner',
    '--mode',
    'test',
    '--wait',
  );
  expect(stderr + stdout).not.toContain('\u001b[2J');
  expect(stderr).toContain('unknown column');
});
