// Plays steps on the real inbox through real sessions, one packet at a time.
import type { Account } from '../../src/domain/account.ts';
import type { Drop } from '../../src/inbox/drop.ts';
import { string, uint32, uint64 } from '../../src/sftp/protocol/wire.ts';
import type { Claim } from '../../src/store/import-store.ts';
import {
  INIT,
  NO_ATTRIBUTES,
  parseReply,
  type Reply,
  request,
  TYPE,
} from '../../test/sftp/protocol/a-conversation.ts';
import { Finding } from '../finding.ts';
import { checkAnswer } from './answers.ts';
import { REPORT } from './model-files.ts';
import type { Seen } from './model-view.ts';
import { Peer } from './peer.ts';
import { GRACE, type Site } from './site.ts';
import { type Changes, SESSIONS, type Step } from './steps.ts';

const FOREVER = 1e14; // ms: the lease of an importer that never lets go
const NO_HANDLE = Buffer.from('none');

export class Player {
  packets = 0;
  readonly #site: Site;
  readonly #account: Account;
  readonly #drop: Drop;
  readonly #clock: () => number;
  readonly #peers: Peer[] = [];
  readonly #handles = new Map<string, Buffer>();
  readonly #claims: Claim[] = [];

  private constructor(site: Site, account: Account, drop: Drop, clock: () => number) {
    this.#site = site;
    this.#account = account;
    this.#drop = drop;
    this.#clock = clock;
  }

  /** Sessions of a new account; its time is that of `clock`. */
  static async begin(site: Site, clock: () => number): Promise<Player> {
    const { account, drop } = await site.partner(clock);
    const player = new Player(site, account, drop, clock);
    for (let session = 0; session < SESSIONS; session++) await player.#greet(session);
    return player;
  }

  async end(): Promise<void> {
    for (const peer of this.#peers) {
      await peer.leave('end');
      const [fault] = peer.log.lines.filter(({ level }) => level === 'error');
      if (fault) throw new Finding(`the server failed: ${JSON.stringify(fault)}`);
    }
  }

  async play(step: Step): Promise<Seen> {
    switch (step.do) {
      case 'open': {
        const reply = await this.#ask(step, TYPE.open, string(step.path), uint32(step.flags), NO_ATTRIBUTES);
        if (reply.is === 'handle') this.#handles.set(step.as, reply.handle);
        return seen(reply);
      }
      case 'close':
        return seen(await this.#ask(step, TYPE.close, this.#handle(step)));
      case 'fstat':
        return seen(await this.#ask(step, TYPE.fstat, this.#handle(step)));
      case 'fsync':
        return seen(await this.#ask(step, TYPE.extended, string('fsync@openssh.com'), this.#handle(step)));
      case 'read': {
        const range = [uint64(step.offset), uint32(step.length)];
        return seen(await this.#ask(step, TYPE.read, this.#handle(step), ...range));
      }
      case 'write': {
        const data = [uint64(step.offset), string(Buffer.from(step.text, 'latin1'))];
        return seen(await this.#ask(step, TYPE.write, this.#handle(step), ...data));
      }
      case 'fsetstat':
        return seen(await this.#ask(step, TYPE.fsetstat, this.#handle(step), changes(step)));
      case 'setstat':
        return seen(await this.#ask(step, TYPE.setstat, string(step.path), changes(step)));
      case 'stat':
      case 'lstat':
      case 'remove':
      case 'rmdir':
        return seen(await this.#ask(step, TYPE[step.do], string(step.path)));
      case 'mkdir':
        return seen(await this.#ask(step, TYPE.mkdir, string(step.path), NO_ATTRIBUTES));
      case 'rename': {
        const paths = [string(step.path), string(step.to)];
        if (!step.replace) return seen(await this.#ask(step, TYPE.rename, ...paths));
        return seen(await this.#ask(step, TYPE.extended, string('posix-rename@openssh.com'), ...paths));
      }
      case 'list':
        return this.#list(step);
      case 'get':
        return this.#get(step);
      case 'vanish':
        await this.#peers[step.session]?.leave('vanish');
        for (const one of this.#handles.keys()) if (belongs(one, step)) this.#handles.delete(one);
        await this.#greet(step.session);
        return 0;
      case 'wait':
        return 0; // the clock is the model's
      case 'claim':
        return this.#claim();
      case 'complete':
      case 'reject':
      case 'hold':
        return this.#finish(step.do);
    }
  }

  async #greet(session: number): Promise<void> {
    const peer = new Peer(this.#drop, this.#clock);
    this.#peers[session] = peer;
    peer.send(INIT);
    await peer.answer();
  }

  #handle(step: { session: number; handle: string }): Buffer {
    return string((belongs(step.handle, step) && this.#handles.get(step.handle)) || NO_HANDLE);
  }

  async #ask({ session }: { session: number }, type: number, ...fields: Buffer[]): Promise<Reply> {
    const peer = this.#peers[session];
    const id = ++this.packets;
    peer?.send(request(type, id, ...fields));
    const answer = await peer?.answer();
    if (!answer) throw new Finding(`the session ended instead of an answer to type ${type}`);
    checkAnswer(answer, { greeting: false, type, id });
    return parseReply(answer);
  }

  async #list(step: { session: number; path: string }): Promise<Seen> {
    const opened = await this.#ask(step, TYPE.opendir, string(step.path));
    if (opened.is !== 'handle') return seen(opened);
    const names: string[] = [];
    for (;;) {
      const reply = await this.#ask(step, TYPE.readdir, string(opened.handle));
      if (reply.is !== 'names') break;
      names.push(...reply.names.map(({ name }) => name));
    }
    await this.#ask(step, TYPE.close, string(opened.handle));
    return { names };
  }

  async #get(step: { session: number; path: string }): Promise<Seen> {
    const opened = await this.#ask(step, TYPE.open, string(step.path), uint32(1), NO_ATTRIBUTES);
    if (opened.is !== 'handle') return seen(opened);
    const read = await this.#ask(step, TYPE.read, string(opened.handle), uint64(0), uint32(100_000));
    await this.#ask(step, TYPE.close, string(opened.handle));
    return { text: read.is === 'data' ? read.bytes.toString('latin1') : '' };
  }

  /** Nothing is only in memory: for an importer an OPEN comes when it is recorded, for the model at once. */
  async #record(): Promise<void> {
    for (const folder of ['/test', '/live']) await this.#drop.list(folder);
  }

  /** Imports that other cases have left behind are claimed and forgotten. */
  async #claim(): Promise<Seen> {
    await this.#record();
    for (;;) {
      const claim = await this.#site.store.claimImport(FOREVER, this.#clock());
      if (!claim) return 0;
      if (claim.account.id !== this.#account.id) continue;
      this.#claims.push(claim);
      const file = await this.#site.spool.open(claim.import.file_id, 'file');
      const text = (await file.read(0, file.size)).toString('latin1');
      await file.close();
      return { mode: claim.import.mode, name: claim.import.file, text };
    }
  }

  async #finish(how: 'complete' | 'reject' | 'hold'): Promise<Seen> {
    const claim = this.#claims.shift();
    if (!claim) return 0;
    await this.#record();
    const { store, spool } = this.#site;
    const { id, file_id } = claim.import;
    if (how === 'hold') return status(await store.holdImport(id, claim.epoch, 'cut off', 0));
    for (const content of how === 'reject' ? (['report'] as const) : (['report', 'rejected'] as const)) {
      const report = await spool.createReport(file_id, content);
      await report.write(REPORT);
      await report.commit();
    }
    const rejected_size = how === 'reject' ? undefined : REPORT.length;
    const ending = { import: id, epoch: claim.epoch, report_size: REPORT.length, rejected_size };
    const when = { grace: GRACE, now: this.#clock() };
    if (how === 'complete') return status(await store.completeImport({ ...ending, ...when }));
    return status(await store.rejectImport({ ...ending, ...when, errors: [] }));
  }
}

function belongs(handle: string, { session }: { readonly session: number }): boolean {
  return handle.endsWith(`/${session}`);
}

function status({ ok }: { readonly ok: boolean }): number {
  return ok ? 0 : 4;
}

/** A reply as the model has it. */
function seen(reply: Reply): Seen {
  switch (reply.is) {
    case 'status':
      return reply.code;
    case 'data':
      return { is: 'data', text: reply.bytes.toString('latin1') };
    case 'attributes':
      return { is: 'attributes', size: reply.size, mode: reply.mode, mtime: reply.mtime };
    default:
      return { is: reply.is };
  }
}

function changes({ size, mtime }: Changes): Buffer {
  const seconds = uint32(Math.floor((mtime ?? 0) / 1000));
  return Buffer.concat([
    uint32((size === undefined ? 0 : 1) | (mtime === undefined ? 0 : 8)),
    ...(size === undefined ? [] : [uint64(size)]),
    ...(mtime === undefined ? [] : [seconds, seconds]),
  ]);
}
