import { type Duplex, duplexPair } from 'node:stream';
import type { Drop } from '../../src/inbox/drop.ts';
import { serveSftp } from '../../src/sftp/protocol/session.ts';
import { keptLog } from '../../test/sftp/a-log.ts';
import { Finding } from '../finding.ts';

const LIMITS = { handles: 100, requests: 4 };
const PATIENCE = 30_000; // ms of waiting for one answer, or for the end of a session: then it hangs

/** The client's end of one session: sends bytes, and takes the answers apart without the help of what is being tested. */
export class Peer {
  readonly log = keptLog();
  readonly #stream: Duplex;
  readonly #gone = new AbortController();
  readonly #over: Promise<void>;
  readonly #answers: Buffer[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #ended = false;
  #wake = () => {};

  constructor(drop: Drop, clock: () => number) {
    const [ours, theirs] = duplexPair();
    this.#stream = ours;
    ours.on('data', (bytes: Buffer) => this.#take(bytes));
    ours.on('error', () => {}); // e.g. written to after the server has ended it
    const { log } = this;
    this.#over = serveSftp(theirs, {
      drop,
      user: 'partner',
      limits: LIMITS,
      log,
      clock,
      gone: this.#gone.signal,
    }).then(() => {
      theirs.end();
      theirs.resume();
    });
    ours.on('end', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  send(bytes: Buffer): void {
    if (!this.#ended) this.#stream.write(bytes);
  }

  /** The next answer without its length; undefined when the server has ended the session. */
  async answer(): Promise<Buffer | undefined> {
    while (this.#answers.length === 0 && !this.#ended) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await inTime(woken, 'a request is not answered');
    }
    return this.#answers.shift();
  }

  /** The client is done, or, to `vanish`, its connection breaks; resolves when the session is over. */
  async leave(how: 'end' | 'vanish'): Promise<void> {
    if (how === 'end') this.#stream.end();
    else {
      this.#gone.abort();
      this.#stream.destroy();
    }
    await inTime(this.#over, 'a session does not end');
    this.#stream.destroy();
  }

  #take(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length >= 4) {
      const end = 4 + this.#rest.readUInt32BE(0);
      if (this.#rest.length < end) break;
      this.#answers.push(this.#rest.subarray(4, end));
      this.#rest = this.#rest.subarray(end);
    }
    this.#wake();
  }
}

async function inTime(work: Promise<void>, what: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Finding(`${what} within ${PATIENCE} ms`)), PATIENCE);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
