import { ForbiddenAddress } from './connector.ts';
import { TimeIsOver } from './post.ts';

/** Whether a request failed because the receiver, or the way to it, took too long. */
export function isTimeout(error: Error): boolean {
  return error instanceof TimeIsOver || error.name === 'ConnectTimeoutError';
}

/** Why there was no answer. For the partner too: says what failed, and nothing about our network. */
export function problemOf(error: Error, timeout: number): string {
  if (error instanceof ForbiddenAddress)
    return 'its address is private or reserved, and not in webhooks.allow';
  if (error.name === 'ConnectTimeoutError') return 'no connection in time';
  if (isTimeout(error)) return `no answer within ${timeout / 1000} s`;
  if (error.name === 'HTTPParserError') return 'its answer is not HTTP';
  const code = (error as NodeJS.ErrnoException).code ?? error.name;
  if (code === 'ECONNREFUSED') return 'the connection was refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the name could not be resolved';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return 'the connection was closed before an answer';
  return /CERT|TLS|SSL|VERIFY/.test(code) ? `TLS failed: ${code}` : `the request failed: ${code}`;
}
