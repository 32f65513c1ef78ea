// Where what belongs to a policy is to be had. A document's link is for whoever has it, without a login, until it expires: it may stand in a
// webhook and be handed on. It is signed over the policy and the expiry, so nobody can make one or prolong it.
import type { PolicyId } from './ids.ts';
import type { Policy } from './policy.ts';
import { isSignature, signatureOf } from './seal.ts';

export type Links = {
  policy(id: PolicyId): string;
  /** Holds for the configured time from now on. */
  certificate(id: PolicyId): string;
};

/** What signs the links of documents (32 bytes), and for how long they hold (ms). */
export type DocumentLinks = { readonly key: Uint8Array; readonly validity: number };

/** As webhooks and the REST API show a document. */
export type Asset = {
  readonly designation: string;
  readonly name: string;
  readonly extension: string;
  readonly href: string;
};

export const CERTIFICATE_FILE = 'policy_document.pdf';

export function linksFrom(base: string, { key, validity }: DocumentLinks, clock: () => number): Links {
  return {
    policy: (id) => `${base}/policies/${id}`,
    certificate: (id) => {
      const expires = String(Math.ceil((clock() + validity) / 1000)); // seconds since 1970
      const signature = signatureOf(key, signed(id, expires));
      return `${base}/documents/${id}/${CERTIFICATE_FILE}?expires=${expires}&signature=${signature}`;
    },
  };
}

/** Whether a link to the certificate of that policy was made here, and still holds. */
export function standingOf(
  link: { readonly id: string; readonly expires: string; readonly signature: string },
  key: Uint8Array,
  now: number,
): 'good' | 'expired' | 'forged' {
  if (!isSignature(link.signature, key, signed(link.id, link.expires))) return 'forged';
  return now < Number(link.expires) * 1000 ? 'good' : 'expired';
}

export function assetsOf({ id, policy_number }: Policy, links: Links): Asset[] {
  const href = links.certificate(id);
  return [{ designation: 'policy_document', name: policy_number, extension: 'pdf', href }];
}

function signed(id: string, expires: string): string {
  return `certificate ${id} ${expires}`;
}
