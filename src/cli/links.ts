import { deriveKey } from '../config/master-key.ts';
import { type Links, linksFrom } from '../domain/links.ts';
import type { Session } from './session.ts';

/** The links that the server of this configuration and master key makes. */
export function linksOf({ config }: Session, masterKey: Uint8Array): Links {
  const { host, http } = config;
  const key = deriveKey(masterKey, 'document-links');
  const base = http.public_url ?? `http://${host}:${http.port}`;
  return linksFrom(base, { key, validity: http.document_validity }, Date.now);
}
