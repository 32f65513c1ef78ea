import { loadMasterKey } from '../../config/master-key.ts';
import { vaultOf } from '../../serve/unlock.ts';
import { lockDirectory } from '../../store/sqlite/lock.ts';
import { newSecrets, renewLost, rotateSecrets, signsWithKeyPair } from '../../webhooks/endpoints.ts';
import { kindOf, publicKeyOf } from '../../webhooks/secret.ts';
import { printList, printRecord } from '../output.ts';
import { endpointRecord, instant } from '../records.ts';
import { must, type Session, withExistingStore } from '../session.ts';
import { withVault } from '../vault.ts';
import { endpointOf } from './endpoint.ts';

type RotateOptions = { overlap?: number; ed25519?: boolean };

export async function rotate(
  session: Session,
  name: string,
  id: string,
  options: RotateOptions,
): Promise<void> {
  const { overlap = session.config.webhooks.secret_overlap } = options;
  await withVault(session, async (opened) => {
    const endpoint = await endpointOf(opened.store, name, id);
    const now = Date.now();
    const had = signsWithKeyPair(endpoint, now);
    const secrets = newSecrets({ ed25519: options.ed25519 ?? had });
    must(await rotateSecrets(opened, endpoint.id, { secrets, overlap, now }));
    const rotated = await endpointOf(opened.store, name, id);
    const before_until = instant(now + overlap);
    printRecord({ ...endpointRecord(rotated), before_until, ...secretRecord(secrets) }, session.json);
  });
  keepSecretNow(session);
}

/** For when the master key is lost. No server may run meanwhile: it would sign with what it has opened. */
export async function renewAllLost(session: Session): Promise<void> {
  const { config, json } = session;
  const renewed = await withExistingStore(session, async (store) => {
    const lock = must(lockDirectory(config.data));
    const vault = vaultOf(loadMasterKey(config.data, config.master_key));
    return renewLost({ store, vault }, Date.now()).finally(() => lock.release());
  });
  const rows = renewed.map(({ endpoint: { account, id, url }, secrets }) => ({
    account,
    id,
    url,
    public_key: null,
    ...secretRecord(secrets),
  }));
  printList(rows, { json, empty: 'The master key opens the secrets of every endpoint: none is lost.' });
  if (!json && rows.length > 0)
    process.stderr.write('Keep the secrets now, and give them to the partners: they are not shown again.\n');
}

/** What is shown once of new secrets; a public key is none. */
export function secretRecord(secrets: readonly string[]) {
  const secret = secrets.find((one) => kindOf(one) === 'hmac');
  const key = secrets.find((one) => kindOf(one) === 'ed25519');
  return { secret, ...(key !== undefined && { public_key: publicKeyOf(key) }) };
}

export function keepSecretNow({ json }: Session): void {
  if (!json) process.stderr.write('Keep the secret now: it is not shown again.\n');
}
