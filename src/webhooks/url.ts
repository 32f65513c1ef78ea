import { isIP } from 'node:net';
import type { Mode } from '../domain/mode.ts';
import { ok, type Result, refused } from '../domain/refusal.ts';
import { addressFilter } from './addresses.ts';

const LONGEST_URL = 2_000; // characters

/** The URL of an endpoint in its canonical form, or why nothing can be sent there. Names are checked again at every connection. */
export function checkUrl(
  text: string,
  { modes, allow }: { modes: readonly Mode[]; allow: readonly string[] },
): Result<string, 'invalid_url'> {
  if (!URL.canParse(text) || text.length > LONGEST_URL)
    return invalid(`"${text.slice(0, 200)}" is not a URL.`);
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return invalid('Webhooks are sent to https:// URLs.');
  if (url.username !== '' || url.password !== '') {
    return invalid(
      'The URL holds a user name or password. Leave them out: receivers verify the signature instead.',
    );
  }
  const host = hostOf(url);
  const isAddress = isIP(host) !== 0;
  if (isAddress && !addressFilter(allow)(host)) {
    return invalid(
      `${host} is a private or reserved address. An operator can allow its network with webhooks.allow.`,
    );
  }
  const allowedByOperator = isAddress && !addressFilter([])(host);
  if (url.protocol === 'http:' && modes.includes('live') && !allowedByOperator) {
    return invalid('Live events are sent over https:// only. Use https, or --mode test.');
  }
  return ok(url.href);
}

/** The host as an address without brackets, or as a name. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function invalid(message: string) {
  return refused('invalid_url' as const, message);
}
