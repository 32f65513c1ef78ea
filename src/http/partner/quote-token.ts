// A quote is kept nowhere: its token carries what was quoted, signed: data and
// version of the product, which make the price.
import type { Nested } from '../../domain/policy.ts';
import { ok, type Result, refused } from '../../domain/refusal.ts';
import { isSignature, signatureOf } from '../../domain/seal.ts';
import type { Caller } from '../authentication/api-key.ts';

const PREFIX = 'qt_';
const FORM = /^qt_([\w-]+)\.([\w-]{43})$/;

/** `data` is valid quote data of that version of the integration; `expires_at` in ms. */
export type Quoted = {
  readonly integration_id: string;
  readonly product_id: string;
  readonly product_version: number;
  readonly data: Nested;
  readonly expires_at: number;
};

type Sealed = Quoted & { readonly account: string; readonly mode: string };

/** A token for this caller's account and mode only. */
export function sealQuote(key: Uint8Array, { account, mode }: Caller, quoted: Quoted): string {
  const sealed: Sealed = { ...quoted, account: account.id, mode };
  const payload = Buffer.from(JSON.stringify(sealed)).toString('base64url');
  return `${PREFIX}${payload}.${signatureOf(key, `quote ${payload}`)}`;
}

/** What was quoted to this caller. Whose token it is otherwise is told to nobody. */
export function openQuote(
  key: Uint8Array,
  { account, mode }: Caller,
  token: string,
  now: number,
): Result<Quoted, 'invalid_quote_token' | 'quote_expired'> {
  const [, payload = '', signature = ''] = FORM.exec(token) ?? [];
  if (!isSignature(signature, key, `quote ${payload}`)) return unknownQuote();
  const sealed: Sealed = JSON.parse(Buffer.from(payload, 'base64url').toString());
  if (sealed.account !== account.id || sealed.mode !== mode) return unknownQuote();
  if (now < sealed.expires_at) return ok(sealed);
  const until = new Date(sealed.expires_at).toISOString();
  return refused('quote_expired', `quote_token: the quote could be bought until ${until}: ask for a new one`);
}

function unknownQuote() {
  return refused(
    'invalid_quote_token' as const,
    'quote_token: this is no token of a quote for this account and mode: send the one that POST /quotes has answered with, whole',
  );
}
