// A client that logs in as others do, and then sends whatever bytes it is told to.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { ClientChannel } from 'ssh2';
import { string, uint32, uint64 } from '../../src/sftp/protocol/wire.ts';
import { ssh2 } from '../../src/sftp/transport/ssh2/ssh2.ts';
import { INIT, NO_ATTRIBUTES, parseReply, type Reply, request, TYPE } from './protocol/a-conversation.ts';
import { WholePackets } from './protocol/whole-packets.ts';

type Place = { readonly port: number; readonly key: string };

/** What of ssh2's private parts it takes to send one packet with any payload. */
type Protocol = {
  readonly _cipher: { encrypt(packet: Buffer): void };
  readonly _packetRW: {
    readonly write: {
      readonly allocStart: number;
      alloc(length: number): Buffer;
      finalize(packet: Buffer): Buffer;
    };
  };
};
type Callbacks = { readonly _callbacks: ((refused: boolean) => void)[] };

export class RawClient {
  readonly client = new ssh2.Client();
  readonly closed: Promise<void>;

  constructor({ port, key }: Place) {
    this.client.on('error', () => {});
    this.closed = new Promise((resolve) => this.client.on('close', () => resolve()));
    this.client.connect({ host: '127.0.0.1', port, username: 'partner', privateKey: readFileSync(key) });
  }

  static async login(place: Place): Promise<RawClient> {
    const one = new RawClient(place);
    await once(one.client, 'ready');
    return one;
  }

  /** One SSH packet. */
  send(payload: Buffer): void {
    const { _protocol: protocol } = this.client as unknown as { _protocol: Protocol };
    const { write } = protocol._packetRW;
    const packet = write.alloc(payload.length);
    payload.copy(packet, write.allocStart);
    protocol._cipher.encrypt(write.finalize(packet));
  }

  /** Sends a global or channel request that wants an answer; whether it was refused. */
  async asked(payload: Buffer, on: object = this.client): Promise<boolean> {
    const answered = new Promise<boolean>((resolve) => (on as Callbacks)._callbacks.push(resolve));
    this.send(payload);
    return answered;
  }

  async session(): Promise<RawSession> {
    const channel = await this.channel();
    const session = new RawSession(channel);
    session.send(INIT);
    await session.packet();
    return session;
  }

  channel(): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      this.client.subsys('sftp', (error, channel) => (error ? reject(error) : resolve(channel)));
    });
  }
}

/** An SFTP session over SSH. */
export class RawSession {
  readonly channel: ClientChannel;
  readonly #packets: WholePackets;
  #id = 0;

  constructor(channel: ClientChannel) {
    this.channel = channel;
    this.#packets = new WholePackets(channel);
  }

  send(bytes: Buffer): void {
    this.channel.write(bytes);
  }

  /** Undefined when the server has ended the session. */
  async packet(): Promise<Buffer | undefined> {
    const value = await this.#packets.next();
    return value ?? undefined;
  }

  async reply(): Promise<Reply> {
    const bytes = await this.packet();
    if (!bytes) throw new Error('the server has ended the session');
    return parseReply(bytes);
  }

  ask(type: number, ...fields: readonly Uint8Array[]): Promise<Reply> {
    this.send(request(type, ++this.#id, ...fields));
    return this.reply();
  }

  async open(path: string, flags: number): Promise<Buffer> {
    const reply = await this.ask(TYPE.open, string(path), uint32(flags), NO_ATTRIBUTES);
    if (reply.is !== 'handle') throw new Error(`cannot open ${path}: ${JSON.stringify(reply)}`);
    return reply.handle;
  }

  write(handle: Buffer, offset: number, bytes: string | Uint8Array): Promise<Reply> {
    return this.ask(TYPE.write, string(handle), uint64(offset), string(bytes));
  }

  close(handle: Buffer): Promise<Reply> {
    return this.ask(TYPE.close, string(handle));
  }
}
