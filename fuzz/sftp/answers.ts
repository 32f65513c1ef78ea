// What a server owes to a client, told from the bytes alone (draft-ietf-secsh-filexfer-02, 3 to 7).
import { parseReply } from '../../test/sftp/protocol/a-conversation.ts';
import { Finding } from '../finding.ts';

const MAX_PACKET = 262_144; // bytes, in both directions
const INIT = 1;
const VERSION = 2;
const STATUS = 101;
const LEAST = 5; // bytes of a request: type and id

/** Besides STATUS, which may answer anything, what answers a request of each type. */
const ANSWERS: Readonly<Record<number, readonly number[]>> = {
  3: [102], // OPEN: HANDLE
  5: [103], // READ: DATA
  7: [105], // LSTAT: ATTRS
  8: [105],
  11: [102], // OPENDIR
  12: [104], // READDIR: NAME
  16: [104],
  17: [105],
  19: [104],
  200: [201, 104], // EXTENDED: EXTENDED_REPLY, or NAME
};
const CODES_OF_A_SERVER = [0, 1, 2, 3, 4, 5, 8];
const MAY_BE_OK = [4, 6, 9, 10, 13, 14, 15, 18, 200];
const MAY_BE_EOF = [5, 12];

/** The answer to a request, or the greeting, which has no id. */
export type Owed = { readonly greeting: boolean; readonly type: number; readonly id: number };

/** Takes a client's bytes apart as a server must. */
export class Debts {
  /** The bytes were no SFTP: what is owed until then is answered, and the session ends. */
  broken = false;
  #greeted = false;
  #rest: Buffer = Buffer.alloc(0);

  /** What is owed for these bytes and those before them that had not become a packet. */
  of(bytes: Buffer): Owed[] {
    const owed: Owed[] = [];
    this.#rest = Buffer.concat([this.#rest, bytes]);
    while (!this.broken && this.#rest.length >= 4) {
      const length = this.#rest.readUInt32BE(0);
      this.broken = length === 0 || length > MAX_PACKET;
      if (this.broken || this.#rest.length < 4 + length) break;
      const type = this.#rest.readUInt8(4);
      this.broken = length < LEAST || (!this.#greeted && type !== INIT);
      if (this.broken) break;
      owed.push({ greeting: !this.#greeted, type, id: this.#rest.readUInt32BE(5) });
      this.#greeted = true;
      this.#rest = this.#rest.subarray(4 + length);
    }
    return owed;
  }
}

/** Whether an answer is well-formed and one that may be given; gives the handle that came with it. */
export function checkAnswer(answer: Buffer, { greeting, type, id }: Owed): Buffer | undefined {
  const wrong = (what: string) => new Finding(`${what}: ${answer.subarray(0, 100).toString('hex')}`);
  if (answer.length > MAX_PACKET) throw wrong(`an answer of ${answer.length} bytes`);
  const [is] = answer;
  if (greeting) {
    if (is !== VERSION || answer.readUInt32BE(1) !== 3) throw wrong('INIT is not answered VERSION 3');
    return undefined;
  }
  const reply = parsed(answer, wrong);
  if (reply.id !== id) throw wrong(`request ${id} of type ${type} got the answer to ${reply.id}`);
  if (is !== STATUS && !ANSWERS[type]?.includes(is ?? 0)) throw wrong(`type ${type} got an answer of ${is}`);
  if (reply.is === 'status') {
    const { code, text } = reply;
    if (!CODES_OF_A_SERVER.includes(code)) throw wrong(`status ${code}`);
    if (code === 0 && !MAY_BE_OK.includes(type)) throw wrong(`type ${type} got OK`);
    if (code === 1 && !MAY_BE_EOF.includes(type)) throw wrong(`type ${type} got EOF`);
    if (code !== 0 && text === '') throw wrong('a refusal says nothing');
  }
  return reply.is === 'handle' ? reply.handle : undefined;
}

function parsed(answer: Buffer, wrong: (what: string) => Finding): ReturnType<typeof parseReply> {
  try {
    return parseReply(answer);
  } catch (error) {
    throw wrong(`an answer that cannot be read (${error})`);
  }
}
