const BEARER = /^bearer +([\w.~+/=-]+) *$/i; // RFC 6750, 2.1
const BASIC = /^basic +([a-z0-9+/]+=*) *$/i; // RFC 7617, 2

/** The secret in an `Authorization` header: a bearer token, or the user name of Basic with no password. */
export function credentialIn(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const [, token] = BEARER.exec(header) ?? [];
  if (token !== undefined) return token;
  const [, encoded] = BASIC.exec(header) ?? [];
  if (encoded === undefined) return undefined;
  const [name = '', password = ''] = Buffer.from(encoded, 'base64').toString('latin1').split(':', 2);
  return password === '' && name !== '' ? name : undefined;
}
