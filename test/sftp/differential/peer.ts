// An SFTP server on the stdin and stdout of a process, and what it answers, in words that can be compared.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { PacketReader } from '../../../src/sftp/protocol/packets.ts';
import { INIT, parseReply, type Reply, request } from '../protocol/a-conversation.ts';
import type { Step } from './cases.ts';

const CODES = [
  'OK',
  'EOF',
  'NO_SUCH_FILE',
  'PERMISSION_DENIED',
  'FAILURE',
  'BAD_MESSAGE',
  '',
  '',
  'OP_UNSUPPORTED',
];
const NAME = 104;
const FOLDER = 0o040000;

export class Peer {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #packets: PacketReader;
  #id = 0;

  private constructor(command: string, args: readonly string[], cwd: string) {
    this.#process = spawn(command, args, { cwd });
    this.#packets = new PacketReader(this.#process.stdout);
  }

  static async start(command: string, args: readonly string[], cwd: string): Promise<Peer> {
    const peer = new Peer(command, args, cwd);
    peer.#process.stdin.write(INIT);
    await peer.#packets.next();
    return peer;
  }

  /** What each step of a case is answered with. */
  async play(steps: readonly Step[], file: string): Promise<string[]> {
    const handles = new Map<string, Buffer>();
    const handle = (name: string) => handles.get(name) ?? Buffer.from('none');
    const answers: string[] = [];
    for (const { type, fields, as } of steps) {
      this.#process.stdin.write(request(type, ++this.#id, ...fields(file, handle)));
      const value = await this.#packets.next();
      if (!value) throw new Error('the server has ended the session');
      if (value[0] === NAME) {
        answers.push(value.readUInt32BE(5) === 1 ? 'a name' : 'names'); // sftp-server leaves attributes away
        continue;
      }
      const reply = parseReply(value);
      if (as !== undefined && reply.is === 'handle') handles.set(as, reply.handle);
      answers.push(shown(reply));
    }
    return answers;
  }

  async end(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.stdin.end();
    await ended;
  }
}

function shown(reply: Reply): string {
  switch (reply.is) {
    case 'status':
      return CODES[reply.code] ?? String(reply.code);
    case 'data':
      return `"${reply.bytes.toString('latin1')}"`;
    case 'attributes':
      return (reply.mode & FOLDER) === FOLDER ? 'a folder' : `a file of ${reply.size} bytes`;
    default:
      return `a ${reply.is}`;
  }
}
