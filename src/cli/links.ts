import { deriveKey } from '../config/master-key.ts';
import { type Links, linksFrom } from '../domain/links.ts';
import { unlock } from '../serve/unlock.ts';
import type { EndpointStore } from '../store/endpoint-store.ts';
import type { Session } from './session.ts';

/** The links that the server of this configuration makes. */
export async function linksOf({ config }: Session, store: EndpointStore): Promise<Links> {
  const { host, http } = config;
  const key = deriveKey((await unlock(config, store)).masterKey, 'document-links');
  const base = http.public_url ?? `http://${host}:${http.port}`;
  return linksFrom(base, { key, validity: http.document_validity }, Date.now);
}
