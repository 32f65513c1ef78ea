// Every setting with its default, its reason and its form, in one table that the docs are compared with: that is why it is long.
import { networkOf } from '../domain/network.ts';
import { ok, type Result, refused } from '../domain/refusal.ts';
import { parseDuration } from './duration.ts';
import { masterKeyIn } from './master-key.ts';

/** A setting: how it is written, what it is without being set, and why one would set it (docs/configuration.md). */
export type Setting<T = unknown> = {
  readonly key: string;
  readonly initial: T;
  readonly shown: string;
  readonly meaning: string;
  /** Comes from the environment only, and is never shown: a flag or a file is for too many eyes. */
  readonly secret?: true;
  parse(value: unknown): Result<T>;
};

const setting = <T>(one: Setting<T>): Setting<T> => one;
const bad = (wanted: string) => refused('invalid_setting', `must be ${wanted}`);

const text = (value: unknown): Result<string> =>
  typeof value === 'string' && value !== '' ? ok(value) : bad('a text');

const port = (value: unknown): Result<number> => {
  const number = /^\d{1,5}$/.test(String(value)) ? Number(value) : Number.NaN;
  return number <= 65_535 ? ok(number) : bad('a port, 0 to 65535 (0 takes a free one)');
};

const count = (value: unknown): Result<number> => {
  const number = /^\d{1,6}$/.test(String(value)) ? Number(value) : 0;
  return number > 0 ? ok(number) : bad('a number, 1 to 999999');
};

/** In bytes; at least a packet, or nothing could be sent at all. */
const size = (value: unknown): Result<number> => {
  const [, number, unit] = /^(\d{1,9})(KiB|MiB)$/.exec(String(value)) ?? [];
  const bytes = Number(number) * (unit === 'MiB' ? 1024 ** 2 : 1024);
  return bytes >= 256 * 1024 ? ok(bytes) : bad('a size such as 512KiB or 1MiB, 256KiB at least');
};

const duration = (value: unknown): Result<number> => {
  const ms = parseDuration(String(value));
  return ms === undefined ? bad('a duration such as 500ms, 3s or 15m') : ok(ms);
};

/** What a timer can wait: 2^31 ms, some 24 days. */
const wait = (value: unknown): Result<number> => {
  const ms = parseDuration(String(value)) ?? 0;
  return ms > 0 && ms < 2 ** 31 ? ok(ms) : bad('a duration such as 500ms, 3s or 15m, up to 24d');
};

const choice = (value: unknown): Result<boolean> =>
  /^(true|false)$/.test(String(value)) ? ok(String(value) === 'true') : bad('true or false');

const url = (value: unknown): Result<string | undefined> =>
  URL.canParse(String(value)) && /^https?:/.test(String(value))
    ? ok(String(value).replace(/\/$/, ''))
    : bad('a URL that begins with http:// or https://');

const networks = (value: unknown): Result<readonly string[]> => {
  const list = typeof value === 'string' ? value.split(',').map((one) => one.trim()) : value;
  if (value === '') return ok([]);
  if (!Array.isArray(list)) return bad('a list of networks such as 10.0.0.0/8');
  const wrong = list.find((one) => networkOf(String(one)) !== one);
  return wrong === undefined
    ? ok(list.map(String))
    : bad(`a list of networks such as 10.0.0.0/8; "${wrong}" is none`);
};

/** Every setting there is. */
export const SETTINGS = {
  data: setting({
    key: 'data',
    initial: './data',
    shown: '`./data`',
    meaning: 'the directory in which everything is kept',
    parse: text,
  }),
  masterKey: setting<Uint8Array | undefined>({
    key: 'master_key',
    initial: undefined,
    shown: 'in `master.key`',
    meaning:
      'the key that secrets are encrypted with, 32 bytes in base64, for those who keep it in a secret store; from the environment only',
    secret: true,
    parse: (value) => masterKeyIn(String(value)),
  }),
  host: setting({
    key: 'host',
    initial: '127.0.0.1',
    shown: '`127.0.0.1`',
    meaning: 'the address that SFTP and HTTP listen on; `0.0.0.0` for all of IPv4',
    parse: text,
  }),
  sftpPort: setting({
    key: 'sftp.port',
    initial: 2022,
    shown: '`2022`',
    meaning: 'where SFTP listens',
    parse: port,
  }),
  connections: setting({
    key: 'sftp.connections',
    initial: 1_000,
    shown: '`1000`',
    meaning: 'SFTP connections in all; an idle one takes about 0.1 MB',
    parse: count,
  }),
  connectionsPerSource: setting({
    key: 'sftp.connections_per_source',
    initial: 100,
    shown: '`100`',
    meaning:
      'SFTP connections of one source: an IPv4 address or an IPv6 /64; clients use up to a few dozen, and colleagues may share an address',
    parse: count,
  }),
  startups: setting({
    key: 'sftp.startups',
    initial: 100,
    shown: '`100`',
    meaning: 'connections in all that have not logged in yet, as OpenSSH’s MaxStartups',
    parse: count,
  }),
  startupsPerSource: setting({
    key: 'sftp.startups_per_source',
    initial: 20,
    shown: '`20`',
    meaning: 'those of one source, so that no stranger takes the places of all; a login takes a moment',
    parse: count,
  }),
  connectionRate: setting({
    key: 'sftp.connection_rate',
    initial: 10,
    shown: '`10`',
    meaning:
      'new connections of one source per second, five seconds’ worth of them at once: a key exchange costs the server more than the client (DHEat)',
    parse: count,
  }),
  loginGrace: setting({
    key: 'sftp.login_grace',
    initial: 30_000,
    shown: '`30s`',
    meaning: 'from the connection to a login; a person with a hardware key needs some',
    parse: wait,
  }),
  loginAttempts: setting({
    key: 'sftp.login_attempts',
    initial: 6,
    shown: '`6`',
    meaning:
      'refused keys of one connection, as OpenSSH’s MaxAuthTries: an agent may offer a few before the right one',
    parse: count,
  }),
  idle: setting({
    key: 'sftp.idle',
    initial: 900_000,
    shown: '`15m`',
    meaning: 'a connection without a request for so long is ended, unless a file is open for writing',
    parse: wait,
  }),
  channels: setting({
    key: 'sftp.channels',
    initial: 10,
    shown: '`10`',
    meaning: 'channels of one connection; clients open one or two',
    parse: count,
  }),
  handles: setting({
    key: 'sftp.handles',
    initial: 100,
    shown: '`100`',
    meaning: 'open files of one channel; clients use one, WinSCP a few',
    parse: count,
  }),
  requests: setting({
    key: 'sftp.requests',
    initial: 4,
    shown: '`4`',
    meaning: 'READs of one channel under way at a time, 255 KiB each; downloads are slower with fewer',
    parse: count,
  }),
  unread: setting({
    key: 'sftp.unread',
    initial: 1024 ** 2,
    shown: '`1MiB`',
    meaning:
      'bytes on their way to a client before its requests wait; who causes four times as many is cut off',
    parse: size,
  }),
  ban: setting({
    key: 'sftp.ban',
    initial: 1_800_000,
    shown: '`30m`',
    meaning:
      'how long a source that keeps failing to log in is refused; each further ban is half as long again, up to a day; `0s` bans nobody',
    parse: duration,
  }),
  neverBan: setting<readonly string[]>({
    key: 'sftp.never_ban',
    initial: [],
    shown: 'none',
    meaning:
      'networks that are never banned: monitoring, or a load balancer that does not tell the client’s address; in the environment separated by commas',
    parse: networks,
  }),
  proxies: setting<readonly string[]>({
    key: 'sftp.proxies',
    initial: [],
    shown: 'none',
    meaning:
      'networks of load balancers: a connection from there must begin with a PROXY header, version 2; in the environment separated by commas',
    parse: networks,
  }),
  olderMacs: setting({
    key: 'sftp.older_macs',
    initial: false,
    shown: '`false`',
    meaning:
      'also offers the MACs `hmac-sha2-256` and `hmac-sha2-512`, for curl and PHP on libssh2 before 1.11 (Debian 12, Ubuntu 22.04), which know no encrypt-then-MAC; scanners warn of them',
    parse: choice,
  }),
  httpPort: setting({
    key: 'http.port',
    initial: 8080,
    shown: '`8080`',
    meaning: 'where HTTP listens',
    parse: port,
  }),
  publicUrl: setting<string | undefined>({
    key: 'http.public_url',
    initial: undefined,
    shown: 'host and port',
    meaning: 'how partners reach HTTP from outside; links in webhooks begin with it',
    parse: url,
  }),
  httpProxies: setting<readonly string[]>({
    key: 'http.proxies',
    initial: [],
    shown: 'none',
    meaning:
      'networks of the proxies in front of HTTP, whose `X-Forwarded-For` is believed; in the environment separated by commas',
    parse: networks,
  }),
  httpFailures: setting({
    key: 'http.failures',
    initial: 20,
    shown: '`20`',
    meaning:
      'wrong API keys of one source (an IPv4 address or an IPv6 /64) per minute, and at once, before it must wait: a program whose key was removed must not keep the server busy',
    parse: count,
  }),
  requestRate: setting({
    key: 'http.request_rate',
    initial: 100,
    shown: '`100`',
    meaning:
      'requests per second with the keys of one account and mode, ten seconds’ worth of them at once: a program in a loop must not keep other partners’ purchases waiting',
    parse: count,
  }),
  quoteValidity: setting({
    key: 'http.quote_validity',
    initial: 86_400_000,
    shown: '`24h`',
    meaning: 'for how long a quote can be bought at its price: a checkout, with a pause in it',
    parse: wait,
  }),
  offerValidity: setting({
    key: 'http.offer_validity',
    initial: 604_800_000,
    shown: '`7d`',
    meaning: 'for how long an offer can be paid; then it is removed, and its idempotency key is free again',
    parse: wait,
  }),
  openOffers: setting({
    key: 'http.open_offers',
    initial: 100_000,
    shown: '`100000`',
    meaning:
      'offers of one account and mode that wait for their payment; each takes about half a kilobyte, and a shop leaves some thousand a day unpaid',
    parse: count,
  }),
  documentValidity: setting({
    key: 'http.document_validity',
    initial: 604_800_000,
    shown: '`7d`',
    meaning:
      'for how long the link to a document leads there, without a login, from when it was made; a receiver of webhooks may be behind by days',
    parse: wait,
  }),
  settle: setting({
    key: 'settle',
    initial: 3_000,
    shown: '`3s`',
    meaning:
      'the quiet period after the last operation on a file before its import begins; longer for clients that pause in the middle of an upload',
    parse: duration,
  }),
  grace: setting({
    key: 'grace',
    initial: 10_000,
    shown: '`10s`',
    meaning:
      'how long after the last operation on it a processed file stays where it was dropped; longer for clients that look back late',
    parse: duration,
  }),
  keepUnfinished: setting({
    key: 'keep_unfinished',
    initial: 86_400_000,
    shown: '`24h`',
    meaning:
      'how long a file is kept that was not completed, or whose name is none to import, after the last operation on it; then it is removed, and the log says so',
    parse: wait,
  }),
  webhooksAllow: setting<readonly string[]>({
    key: 'webhooks.allow',
    initial: [],
    shown: 'none',
    meaning:
      'private networks that webhooks may reach, and plain http may be used in; in the environment separated by commas',
    parse: networks,
  }),
  secretOverlap: setting({
    key: 'webhooks.secret_overlap',
    initial: 86_400_000,
    shown: '`24h`',
    meaning:
      'how long after a rotation the secret before signs too: as long as a receiver may take to learn the new one',
    parse: duration,
  }),
  keepDeliveries: setting({
    key: 'webhooks.keep_deliveries',
    initial: 30 * 86_400_000,
    shown: '`30d`',
    meaning:
      'how long what is known of a delivery is kept after it has ended: its attempts, their problems and answers; the events stay',
    parse: duration,
  }),
} as const;
