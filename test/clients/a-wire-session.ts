import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { string, uint32, uint64 } from '../../src/sftp/protocol/wire.ts';
import { INIT, parseReply, type Reply, request, TYPE } from '../sftp/protocol/a-conversation.ts';
import { WholePackets } from '../sftp/protocol/whole-packets.ts';
import { type Login, sshOptions } from './a-client.ts';

/** The bits of OPEN: `write | create | truncate` is what the notes on clients call O(26). */
export const FLAG = { write: 2, append: 4, create: 8, truncate: 16, exclusive: 32 } as const;

/** A request that has not been sent yet. */
export type Step = { readonly type: number; readonly fields: readonly Uint8Array[] };

const step = (type: number, ...fields: readonly Uint8Array[]): Step => ({ type, fields });

const NOTHING = uint32(0);
const sizeOf = (size: number) => Buffer.concat([uint32(1), uint64(size)]);
const times = (seconds: number) => Buffer.concat([uint32(8), uint32(seconds), uint32(seconds)]);
const permissions = (mode: number) => Buffer.concat([uint32(4), uint32(mode)]);

export const stat = (path: string) => step(TYPE.stat, string(path));
export const lstat = (path: string) => step(TYPE.lstat, string(path));
export const remove = (path: string) => step(TYPE.remove, string(path));
export const mkdir = (path: string) => step(TYPE.mkdir, string(path), NOTHING);
export const close = (handle: Buffer) => step(TYPE.close, string(handle));
export const rename = (from: string, to: string) => step(TYPE.rename, string(from), string(to));
export const posixRename = (from: string, to: string) =>
  step(TYPE.extended, string('posix-rename@openssh.com'), string(from), string(to));
export const open = (path: string, flags: number, size?: number) =>
  step(TYPE.open, string(path), uint32(flags), size === undefined ? NOTHING : sizeOf(size));
export const write = (handle: Buffer, offset: number, bytes: Uint8Array) =>
  step(TYPE.write, string(handle), uint64(offset), string(bytes));
export const setTime = (path: string, seconds: number) => step(TYPE.setstat, string(path), times(seconds));
export const setMode = (path: string, mode: number) => step(TYPE.setstat, string(path), permissions(mode));

/** An SFTP session of a real connection that sends the requests it is told to, as a client would that is not here. */
export class WireSession {
  readonly #ssh: ChildProcessWithoutNullStreams;
  readonly #packets: WholePackets;
  #id = 0;

  private constructor(login: Login) {
    this.#ssh = spawn('ssh', [...sshOptions(login), '-s', 'partner@127.0.0.1', 'sftp']);
    this.#ssh.stdin.on('error', () => {}); // a lost connection shows in what is missing
    this.#packets = new WholePackets(this.#ssh.stdout);
  }

  static async begin(login: Login): Promise<WireSession> {
    const session = new WireSession(login);
    session.#ssh.stdin.write(INIT);
    await session.#packet();
    return session;
  }

  async #packet(): Promise<Buffer> {
    const value = await this.#packets.next();
    if (!value) throw new Error('the server has ended the session');
    return value;
  }

  /** Sends requests without waiting in between; their answers in the same order. */
  async ask(...steps: readonly Step[]): Promise<Reply[]> {
    const first = this.#id + 1;
    for (const { type, fields } of steps) this.#ssh.stdin.write(request(type, ++this.#id, ...fields));
    const replies: Reply[] = [];
    while (replies.length < steps.length) replies.push(parseReply(await this.#packet()));
    return steps.map((_, n) => {
      const reply = replies.find(({ id }) => id === first + n);
      if (!reply) throw new Error(`there is no answer to request ${first + n}`);
      return reply;
    });
  }

  /** The handle of an OPEN that must be possible. */
  async handle(path: string, flags: number, size?: number): Promise<Buffer> {
    const [reply] = await this.ask(open(path, flags, size));
    if (reply?.is !== 'handle') throw new Error(`cannot open ${path}: ${JSON.stringify(reply)}`);
    return reply.handle;
  }

  /** Hangs up, with or without an end. */
  async end(): Promise<void> {
    if (this.#ssh.exitCode !== null || this.#ssh.signalCode !== null) return;
    this.#ssh.kill();
    await once(this.#ssh, 'exit');
  }
}
