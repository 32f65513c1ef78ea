import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EXAMPLE, Site } from '../journey/a-server.ts';
import { AReceiver } from '../webhooks/a-receiver.ts';

let site: Site;

beforeEach(() => {
  site = new Site();
  site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
});

afterEach(() => site.remove());

type Added = { id: string; secret: string; public_key?: string; before_until?: string };

const webhook = <T = Record<string, unknown>>(command: string, ...args: string[]) =>
  site.cli<T>('webhook', command, 'partner', ...args)[0] as T;

describe('endpoints', () => {
  test('the secret is shown once, when the endpoint is added', () => {
    const [added] = site.cli<{ id: string; secret: string }>(
      'webhook',
      'add',
      'partner',
      'https://partner.example/hooks',
      '--event',
      'import.completed',
      '--event',
      'import.rejected',
    );
    expect(added?.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const listed = site.cli('webhook', 'list', 'partner');
    expect(listed).toEqual([
      expect.objectContaining({ id: added?.id, events: ['import.completed', 'import.rejected'] }),
    ]);
    expect(JSON.stringify(listed)).not.toContain('whsec_');
    expect(site.cli('webhook', 'remove', 'partner', added?.id ?? '')).toEqual([]);
  });

  test('a secret is rotated, and shown once; a key pair shows its public key', () => {
    const [added] = site.cli<Added>('webhook', 'add', 'partner', 'https://partner.example/', '--ed25519');
    expect(added?.public_key).toMatch(/^whpk_/);
    const rotate = (...options: string[]) =>
      site.cli<Added>('webhook', 'rotate', 'partner', added?.id ?? '', ...options)[0];
    const rotated = rotate('--overlap', '2h');
    expect(rotated?.id).toBe(added?.id);
    expect(rotated?.secret).toMatch(/^whsec_/);
    expect(rotated?.secret).not.toBe(added?.secret);
    expect(rotated?.public_key).not.toBe(added?.public_key);
    const hours = (Date.parse(rotated?.before_until ?? '') - Date.now()) / 3_600_000;
    expect(Math.round(hours)).toBe(2);
    expect(rotate('--no-ed25519')).not.toHaveProperty('public_key');
    expect(site.cliResult('webhook', 'rotate', 'partner', 'whk_0').status).toBe(1);
    expect(site.cliResult('webhook', 'rotate', 'partner', added?.id ?? '', '--overlap', 'long').status).toBe(
      2,
    );
  });

  test('secrets cannot be read with another master key, and the reason is told', () => {
    const [added] = site.cli<Added>('webhook', 'add', 'partner', 'https://partner.example/');
    site.environment['POLICYDROP_MASTER_KEY'] = Buffer.alloc(32).toString('base64');
    const { status, stderr } = site.cliResult('webhook', 'rotate', 'partner', added?.id ?? '');
    expect(status).toBe(1);
    expect(stderr).toContain('Put master.key');
  });

  describe('of which the master key is lost', () => {
    const add = (url: string, ...options: string[]) => webhook<Added>('add', url, ...options);
    const masterKey = () => join(site.data, 'master.key');

    test('it is never made anew, neither by a command nor by a start', () => {
      const { id } = add('https://partner.example/');
      rmSync(masterKey());
      for (const command of [['webhook', 'rotate', 'partner', id], ['serve']]) {
        const { status, stderr } = site.cliResult(...command);
        expect([status, stderr]).toEqual([1, expect.stringContaining('webhook renew-lost')]);
      }
      expect(existsSync(masterKey())).toBe(false);
    });

    test('new ones are made, once, that alone sign from then on', () => {
      add('https://partner.example/a');
      const pair = add('https://partner.example/b', '--ed25519');
      rmSync(masterKey());
      const [a, b, ...others] = site.cli<Added>('webhook', 'renew-lost');
      expect(others).toEqual([]);
      expect(a).toEqual({
        account: 'partner',
        id: expect.any(String),
        url: 'https://partner.example/a',
        secret: expect.stringMatching(/^whsec_/),
        public_key: null,
      });
      expect(b).toMatchObject({ id: pair.id, public_key: expect.stringMatching(/^whpk_/) });
      expect(b?.secret).not.toBe(pair.secret);
      const shown = webhook<{ secrets: unknown[]; public_key: string }>('show', pair.id);
      expect(shown).toMatchObject({ public_key: b?.public_key, secrets: [{}, {}] });
      expect(shown.secrets).toHaveLength(2);
      expect(site.cli('webhook', 'renew-lost')).toEqual([]);
    });

    test('none is made while a server runs, which has opened the old ones', async () => {
      const { id } = add('https://partner.example/');
      await site.start();
      rmSync(masterKey());
      const { status, stderr } = site.cliResult('webhook', 'renew-lost');
      expect([status, stderr]).toEqual([1, expect.stringContaining('Stop it')]);
      expect(existsSync(masterKey())).toBe(false);
      expect(webhook('list')).toMatchObject({ id });
    });
  });

  test.each([
    'ftp://partner.example/',
    'https://user:pass@partner.example/',
    'http://10.0.0.1/',
    'not a url',
  ])('an endpoint %s is refused', (url) => {
    expect(site.cliResult('webhook', 'add', 'partner', url).status).toBe(1);
  });
});

describe('an endpoint', () => {
  test('has settings, of which those that are given change', () => {
    const { id } = webhook<Added>('add', 'https://a.example/', '--batch', '50', '--description', 'policies');
    expect(webhook('show', id)).toMatchObject({
      ...{ url: 'https://a.example/', description: 'policies', modes: ['test', 'live'], batch: 50 },
      ...{ state: 'active', problem: null, waiting: 0, public_key: null },
      secrets: [{ kind: 'hmac', expires_at: null }],
    });
    const updated = webhook('update', id, '--url', 'https://b.example/', '--event', 'import.held');
    expect(updated).toMatchObject({ url: 'https://b.example/', events: ['import.held'], batch: 50 });
    expect(webhook('update', id, '--mode', 'test', '--batch', '1')).toMatchObject({
      modes: ['test'],
      batch: 1,
    });
    webhook('update', id, '--url', 'http://b.example/');
    const live = site.cliResult('webhook', 'update', 'partner', id, '--mode', 'live');
    expect([live.status, live.stderr]).toEqual([1, expect.stringContaining('https://')]);
    expect(site.cliResult('webhook', 'update', 'partner', id, '--batch', '101').status).toBe(2);
    expect(site.cliResult('webhook', 'list', 'partner').stdout).toMatch(/active +test +http:\/\/b\.example/);
  });

  test('that is paused keeps what happens, and says how much waits', () => {
    const { id } = webhook<Added>('add', 'https://a.example/');
    expect(webhook('pause', id)).toMatchObject({ state: 'paused', waiting: 0 });
    site.cli('import', EXAMPLE, '--account', 'partner', '--mode', 'test', '--wait');
    expect(webhook('show', id)).toMatchObject({ state: 'paused', waiting: 3 });
    expect(webhook('resume', id)).toMatchObject({ state: 'active', waiting: 3 });
  });

  test('is tried with a signed example, which says that it is one', async () => {
    await using receiver = await AReceiver.start((response, count) =>
      response.writeHead(count === 1 ? 204 : 500).end('busy'),
    );
    const { id } = webhook<Added>('add', receiver.url, '--mode', 'test', '--event', 'import.completed');
    const send = (...options: string[]) =>
      site.cliBeside('--json', 'webhook', 'test', 'partner', id, ...options);
    const good = await send();
    expect(JSON.parse(good.stdout)).toMatchObject({ status: 204, problem: null, type: 'import.completed' });
    const bad = await send('--event', 'policy.created');
    expect(bad.status).toBe(1);
    expect(bad.stderr).toContain('did not take the example: it answered 500');
    expect(JSON.parse(bad.stdout)).toMatchObject({ status: 500, response: 'busy' });
    const bodies = receiver.got.map(({ body }) => JSON.parse(body));
    expect(bodies).toEqual([
      expect.objectContaining({ example: true, file: 'example.csv' }),
      expect.objectContaining({ example: true }),
    ]);
    expect(receiver.got[0]?.headers['webhook-signature']).toMatch(/^v1,/);
    expect(receiver.got[0]?.headers['webhook-id']).toMatch(/^evt_example_/);
    site.environment['POLICYDROP_WEBHOOKS_ALLOW'] = '';
    expect((await send()).stderr).toContain('private or reserved');
    expect(receiver.got).toHaveLength(2);
  });

  test('that there is not is told of by every command', () => {
    for (const command of ['show', 'update', 'pause', 'resume', 'rotate', 'test', 'remove']) {
      const { status, stderr } = site.cliResult('webhook', command, 'partner', 'whk_0');
      expect([command, status, stderr]).toEqual([command, 1, expect.stringContaining('no endpoint whk_0')]);
    }
  });
});
