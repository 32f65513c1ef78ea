import { isSignature, signatureOf } from '../../domain/seal.ts';
import type { Caller } from '../authentication/api-key.ts';

const PREFIX = 'pt_';

/** With this token, this offer can be paid by whoever may act for its account and mode; always the same one. */
export function paymentToken(key: Uint8Array, caller: Caller, id: string): string {
  return PREFIX + signatureOf(key, signed(caller, id));
}

export function isPaymentToken(token: string, key: Uint8Array, caller: Caller, id: string): boolean {
  return token.startsWith(PREFIX) && isSignature(token.slice(PREFIX.length), key, signed(caller, id));
}

function signed({ account, mode }: Caller, id: string): string {
  return `payment ${account.id} ${mode} ${id}`;
}
