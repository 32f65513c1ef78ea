import type { Socket } from 'node:net';
import type { Account } from '../../domain/account.ts';
import type { Log } from '../../domain/log.ts';
import { ok, type Result, refused } from '../../domain/refusal.ts';
import type { Drop } from '../../inbox/drop.ts';
import type { Admission, Place } from '../gate/admission.ts';
import type { Limits } from '../limits.ts';
import type { Lookup } from '../login/authentication.ts';
import { serveSftp } from '../protocol/session.ts';
import { watchIdle } from '../transport/idle.ts';
import { type Hello, line, parseHello, readLine } from './lines.ts';

const HELLO_TIME = 5_000; // ms; the command says it at once
const LONGEST_NAME = 64; // characters of what may be no account, in the log and in the answer

type Options = {
  readonly limits: Limits;
  /** Here an account counts as a source. */
  readonly admission: Admission;
  readonly lookup: Lookup;
  readonly dropFor: (account: Account) => Drop;
  readonly log: Log;
  readonly clock: () => number;
};

/** Serves one command from its hello on; resolves when the socket is closed and the session has let go of everything. */
export async function serveLocalSession(socket: Socket, options: Options): Promise<void> {
  const { limits, dropFor, log, clock } = options;
  const gone = new AbortController();
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  void closed.then(() => gone.abort());
  socket.on('error', () => {}); // its end is told by 'close'

  const hello = await helloOf(socket);
  const who = hello.ok ? described(hello.value) : {};
  const admitted = hello.ok ? await admit(hello.value, options) : hello;
  if (!admitted.ok) {
    log.info('refused a local session', { ...who, reason: admitted.message });
    socket.end(line(admitted), () => socket.destroy());
    return closed;
  }
  const { account, place } = admitted.value;
  log.info('began a local session', who);
  socket.write(line(ok(undefined)));
  const idle = watchIdle(limits.idle, () => {
    log.info('ended an idle local session', { ...who, ms: limits.idle });
    socket.destroy();
  });
  await serveSftp(socket, {
    drop: dropFor(account),
    user: account.name,
    limits,
    log,
    clock,
    activity: idle,
    gone: gone.signal,
  });
  socket.end(() => socket.destroy());
  await closed; // while the last answers are not taken, the time goes on
  idle.stop();
  place.leave();
}

async function helloOf(socket: Socket): Promise<Result<Hello>> {
  const timer = setTimeout(() => socket.destroy(), HELLO_TIME);
  const text = await readLine(socket);
  clearTimeout(timer);
  if (text !== undefined) return parseHello(text);
  return refused('no_hello', `There was no line that names an account, within ${HELLO_TIME} ms and 1 KiB.`);
}

async function admit(
  { account: name }: Hello,
  { lookup, admission }: Options,
): Promise<Result<{ account: Account; place: Place }>> {
  const account = (await lookup(name))?.account;
  if (!account) {
    const shown = name.slice(0, LONGEST_NAME);
    return refused(
      'unknown_account',
      `There is no account "${shown}". policydrop account list shows those that there are.`,
    );
  }
  if (account.disabled) {
    return refused(
      'disabled',
      `The account ${name} is disabled. policydrop account enable ${name} lets it in again.`,
    );
  }
  const place = admission.enter(account.name);
  if (!place.ok) return refused(place.code, `Of the account ${name}, ${place.message}.`);
  place.value.loggedIn();
  return ok({ account, place: place.value });
}

function described({ account, source }: Hello): Readonly<Record<string, string>> {
  return { user: account.slice(0, LONGEST_NAME), source: source ?? 'local' };
}
