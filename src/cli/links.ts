import { deriveKey, loadMasterKey } from '../config/master-key.ts';
import { type Links, linksFrom } from '../domain/links.ts';
import type { Session } from './session.ts';

/** The links that the server of this configuration makes. */
export function linksOf({ config }: Session): Links {
  const { host, http } = config;
  const key = deriveKey(loadMasterKey(config.data, config.master_key), 'document-links');
  const base = http.public_url ?? `http://${host}:${http.port}`;
  return linksFrom(base, { key, validity: http.document_validity }, Date.now);
}
