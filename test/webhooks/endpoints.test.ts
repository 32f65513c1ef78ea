import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newSecrets, openSecrets, rotateSecrets, secureSecrets } from '../../src/webhooks/endpoints.ts';
import { secretVault } from '../../src/webhooks/vault.ts';
import type { Got } from './a-receiver.ts';
import { ASite, arrived } from './a-site.ts';
import { OTHER_SECRET, SECRET, VAULT } from './events.ts';

let site: ASite;

beforeEach(async () => {
  site = await ASite.open();
});

afterEach(() => site.close());

/** Everything that is on the disk. */
function bytesOnDisk(): string {
  const { directory } = site.kept;
  return readdirSync(directory)
    .map((name) => readFileSync(join(directory, name), 'latin1'))
    .join();
}

const store = () => site.store;

describe('secrets', () => {
  test('are on the disk encrypted only', async () => {
    const endpoint = await site.addEndpoint('https://a.example/');
    expect(openSecrets(endpoint, VAULT, site.now)).toEqual([SECRET]);
    await store().close();
    expect(bytesOnDisk()).toContain('a.example');
    expect(bytesOnDisk()).not.toContain(SECRET.slice(0, 20));
    await site.kept.reopen();
  });

  test('that an earlier version kept readable are encrypted at the first start, and leave no trace', async () => {
    const { id } = await site.addEndpoint('https://a.example/');
    await store().close();
    const sql = new DatabaseSync(join(site.kept.directory, 'policydrop.db'));
    sql.prepare('UPDATE endpoint SET secret = ?').run(SECRET);
    sql.exec('DELETE FROM endpoint_secret');
    sql.close();
    expect(bytesOnDisk()).toContain(SECRET);
    await site.kept.reopen();

    await secureSecrets({ store: store(), vault: VAULT });
    await secureSecrets({ store: store(), vault: VAULT });
    const [endpoint] = await store().endpoints(site.kept.account.id);
    expect(endpoint?.id).toBe(id);
    expect(endpoint && openSecrets(endpoint, VAULT, site.now)).toEqual([SECRET]);
    await store().close();
    expect(bytesOnDisk()).not.toContain(SECRET.slice(0, 20));
    await site.kept.reopen();
  });

  test('that another master key has encrypted stop the start, with what to do', async () => {
    await site.addEndpoint('https://a.example/');
    const vault = secretVault(new Uint8Array(32));
    await expect(secureSecrets({ store: store(), vault })).rejects.toThrow('Put master.key');
  });
});

test('endpoints that are added at once have ids and secrets of their own', async () => {
  const added = await Promise.all(
    Array.from({ length: 5 }, (_, i) => site.addEndpoint(`https://a.example/${i}`)),
  );
  expect(new Set(added.map(({ id }) => id)).size).toBe(5);
  for (const endpoint of await store().endpoints(site.kept.account.id))
    expect(openSecrets(endpoint, VAULT, site.now)).toEqual([SECRET]);
});

describe('a rotation', () => {
  test('has both secrets sign until the overlap ends, then the new one alone', async () => {
    const receiver = await site.endpoint((response, count) =>
      response.writeHead(count === 1 ? 500 : 204).end(),
    );
    const [endpoint] = await store().endpoints(site.kept.account.id);
    if (!endpoint) throw new Error('there is one');
    const overlap = 3_600_000;
    const rotation = { secrets: [OTHER_SECRET], overlap, now: site.now };
    expect(await rotateSecrets({ store: store(), vault: VAULT }, endpoint.id, rotation)).toMatchObject({
      ok: true,
    });
    site.sender();
    await site.policies(1);
    await site.recorded(1);
    site.now += overlap;
    await arrived(receiver, 2);

    const [during, after] = receiver.got.map(({ headers }) =>
      String(headers['webhook-signature']).split(' '),
    );
    expect([during?.length, after?.length]).toEqual([2, 1]);
    const isSignedBy = (secret: string, index: number) => {
      const { headers, body } = receiver.got[index] as Got;
      const at = new Date(Number(headers['webhook-timestamp']) * 1000);
      const expected = new Webhook(secret).sign(String(headers['webhook-id']), at, body);
      return String(headers['webhook-signature']).split(' ').includes(expected);
    };
    expect([isSignedBy(OTHER_SECRET, 0), isSignedBy(SECRET, 0)]).toEqual([true, true]);
    expect([isSignedBy(OTHER_SECRET, 1), isSignedBy(SECRET, 1)]).toEqual([true, false]);
  });

  test('without an overlap ends the old secret at once; with a key pair both sign', async () => {
    const endpoint = await site.addEndpoint('https://a.example/');
    const secrets = newSecrets({ ed25519: true });
    await rotateSecrets({ store: store(), vault: VAULT }, endpoint.id, {
      secrets,
      overlap: 0,
      now: site.now,
    });
    const [rotated] = await store().endpoints(site.kept.account.id);
    expect(rotated && openSecrets(rotated, VAULT, site.now)).toEqual(secrets.toReversed());
    expect(rotated?.secrets).toHaveLength(2); // what has run out is gone
  });

  test('is refused when ten secrets sign already', async () => {
    const { id } = await site.addEndpoint('https://a.example/');
    const rotate = (overlap: number) =>
      rotateSecrets({ store: store(), vault: VAULT }, id, {
        secrets: newSecrets({ ed25519: true }),
        overlap,
        now: site.now,
      });
    for (let i = 1; i < 10; i++) expect(await rotate(1_000)).toMatchObject({ ok: true });
    expect(await rotate(1_000)).toMatchObject({ ok: false, code: 'too_many_secrets' });
    expect(await rotate(0)).toMatchObject({ ok: true });
  });
});
