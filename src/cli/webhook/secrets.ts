import { validSecrets } from '../../domain/endpoint.ts';
import { newSecrets, rotateSecrets } from '../../webhooks/endpoints.ts';
import { kindOf, publicKeyOf } from '../../webhooks/secret.ts';
import { printRecord } from '../output.ts';
import { endpointRecord, instant } from '../records.ts';
import { must, type Session } from '../session.ts';
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
    const had = validSecrets(endpoint, now).some(({ kind }) => kind === 'ed25519');
    const secrets = newSecrets({ ed25519: options.ed25519 ?? had });
    must(await rotateSecrets(opened, endpoint.id, { secrets, overlap, now }));
    const rotated = await endpointOf(opened.store, name, id);
    const before_until = instant(now + overlap);
    printRecord({ ...endpointRecord(rotated), before_until, ...secretRecord(secrets) }, session.json);
  });
  keepSecretNow(session);
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
