// An SFTP server on the stdin and stdout of a process, and what it answers, in words that can be compared.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { posix } from 'node:path';
import { WireReader } from '../../../src/sftp/protocol/wire.ts';
import { INIT, parseReply, type Reply, request } from '../protocol/a-conversation.ts';
import { WholePackets } from '../protocol/whole-packets.ts';
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
  readonly #packets: WholePackets;
  readonly #root: string;
  #id = 0;

  private constructor(command: string, args: readonly string[], root: string) {
    this.#root = root;
    this.#process = spawn(command, args, { cwd: root });
    this.#packets = new WholePackets(this.#process.stdout);
  }

  /** `root` is the directory of the session; what paths in answers begin with is left away. */
  static async start(command: string, args: readonly string[], root = '/'): Promise<Peer> {
    const peer = new Peer(command, args, root);
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
        answers.push(this.#shownNames(new WireReader(value.subarray(5))).replace(file, 'FILE'));
        continue;
      }
      const reply = parseReply(value);
      if (as !== undefined && reply.is === 'handle') handles.set(as, reply.handle);
      answers.push(shown(reply));
    }
    return answers;
  }

  /** Only the first: sftp-server leaves the attributes away that are read between them. */
  #shownNames(reader: WireReader): string {
    if (reader.uint32() !== 1) return 'names';
    const name = reader.text();
    return `the path ${name.startsWith(this.#root) ? posix.resolve('/', name.slice(this.#root.length)) : name}`;
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
    case 'extended':
      return 'numbers';
    default:
      return `a ${reply.is}`;
  }
}
