// The first line each way on the socket of local sessions, as JSON; the bytes of SFTP follow.
import { isIP, type Socket } from 'node:net';
import { ok, type Result, refused } from '../../domain/refusal.ts';
import { take } from '../take.ts';

/** The socket's file in the data directory. */
export const SOCKET = 'sftp.sock';

const LONGEST = 1_024; // bytes; an account and an address take a hundred
const LINE_END = 0x0a;

/** Whose session it is, and the address of the client where it is known. */
export type Hello = { readonly account: string; readonly source: string | undefined };

/** A line to be sent: a Hello, or a Result as the answer to it. */
export function line(content: Hello | Result<undefined>): string {
  return `${JSON.stringify(content)}\n`;
}

export function parseHello(text: string): Result<Hello> {
  const { account, source } = parsed(text);
  if (typeof account !== 'string') return refused('no_hello', 'The first line does not name an account.');
  return ok({ account, source: typeof source === 'string' && isIP(source) !== 0 ? source : undefined });
}

export function parseAnswer(text: string): Result<undefined> {
  const { ok: accepted, code, message } = parsed(text);
  return accepted === true ? ok(undefined) : refused(String(code), String(message));
}

/** The next line of a socket; undefined where it is too long, or the socket ends before it does. */
export async function readLine(socket: Socket): Promise<string | undefined> {
  const bytes: number[] = [];
  while (bytes.length < LONGEST) {
    const [byte] = (await take(socket, 1)) ?? [];
    if (byte === undefined) return undefined;
    if (byte === LINE_END) return Buffer.from(bytes).toString();
    bytes.push(byte);
  }
  return undefined;
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
