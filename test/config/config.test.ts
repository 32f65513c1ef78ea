import { describe, expect, test } from 'vitest';
import { loadConfig, variableOf } from '../../src/config/config.ts';
import { SETTINGS } from '../../src/config/settings.ts';

type Given = { flags?: Record<string, string | undefined>; env?: Record<string, string>; yaml?: string };

const load = ({ flags = {}, env = {}, yaml }: Given = {}) =>
  loadConfig({ flags, env, file: yaml === undefined ? undefined : { name: 'policydrop.yaml', text: yaml } });

function loaded(given: Given) {
  const config = load(given);
  if (!config.ok) throw new Error(config.message);
  return config.value;
}

function refusal(given: Given): string {
  const config = load(given);
  if (config.ok) throw new Error('nothing was refused');
  expect(config.code).toBe('invalid_setting');
  return config.message;
}

const ALL = `
data: /var/lib/policydrop
host: 0.0.0.0
sftp:
  port: 22
  connections: 2000
  connections_per_source: 200
  startups: 300
  startups_per_source: 30
  connection_rate: 40
  login_grace: 1m
  login_attempts: 3
  idle: 1h
  channels: 5
  handles: 20
  requests: 2
  unread: 512KiB
  ban: 5m
  never_ban: [192.0.2.0/24]
  older_macs: true
  proxies: [10.0.0.5/32]
http:
  port: 80
  public_url: https://policies.example/
  proxies: [10.0.0.6/32]
  failures: 5
  request_rate: 7
  quote_validity: 1h
  offer_validity: 2d
  open_offers: 9
  document_validity: 3d
settle: 1m
grace: 500ms
keep_unfinished: 2d
webhooks:
  allow:
    - 10.0.0.0/8
    - fd00::/8
  secret_overlap: 2d
  keep_deliveries: 7d
`;

describe('settings', () => {
  test('have their defaults when nothing is given', () => {
    expect(loaded({})).toEqual({
      data: './data',
      master_key: undefined,
      host: '127.0.0.1',
      sftp: {
        port: 2022,
        connections: 1_000,
        connections_per_source: 100,
        startups: 100,
        startups_per_source: 20,
        connection_rate: 10,
        login_grace: 30_000,
        login_attempts: 6,
        idle: 900_000,
        channels: 10,
        handles: 100,
        requests: 4,
        unread: 1_048_576,
        ban: 1_800_000,
        never_ban: [],
        older_macs: false,
        proxies: [],
      },
      http: {
        port: 8080,
        public_url: undefined,
        proxies: [],
        failures: 20,
        request_rate: 100,
        quote_validity: 86_400_000,
        offer_validity: 604_800_000,
        open_offers: 100_000,
        document_validity: 604_800_000,
      },
      settle: 3_000,
      grace: 10_000,
      keep_unfinished: 86_400_000,
      webhooks: { allow: [], secret_overlap: 86_400_000, keep_deliveries: 2_592_000_000 },
    });
  });

  test('come from the file', () => {
    expect(loaded({ yaml: ALL })).toEqual({
      data: '/var/lib/policydrop',
      master_key: undefined,
      host: '0.0.0.0',
      sftp: {
        port: 22,
        connections: 2_000,
        connections_per_source: 200,
        startups: 300,
        startups_per_source: 30,
        connection_rate: 40,
        login_grace: 60_000,
        login_attempts: 3,
        idle: 3_600_000,
        channels: 5,
        handles: 20,
        requests: 2,
        unread: 524_288,
        ban: 300_000,
        never_ban: ['192.0.2.0/24'],
        older_macs: true,
        proxies: ['10.0.0.5/32'],
      },
      http: {
        port: 80,
        public_url: 'https://policies.example',
        proxies: ['10.0.0.6/32'],
        failures: 5,
        request_rate: 7,
        quote_validity: 3_600_000,
        offer_validity: 172_800_000,
        open_offers: 9,
        document_validity: 259_200_000,
      },
      settle: 60_000,
      grace: 500,
      keep_unfinished: 172_800_000,
      webhooks: {
        allow: ['10.0.0.0/8', 'fd00::/8'],
        secret_overlap: 172_800_000,
        keep_deliveries: 604_800_000,
      },
    });
  });

  test('can be given by the environment, every one', () => {
    const env = {
      POLICYDROP_DATA: '/var/lib/policydrop',
      POLICYDROP_HOST: '0.0.0.0',
      POLICYDROP_SFTP_PORT: '22',
      POLICYDROP_SFTP_CONNECTIONS: '2000',
      POLICYDROP_SFTP_CONNECTIONS_PER_SOURCE: '200',
      POLICYDROP_SFTP_STARTUPS: '300',
      POLICYDROP_SFTP_STARTUPS_PER_SOURCE: '30',
      POLICYDROP_SFTP_CONNECTION_RATE: '40',
      POLICYDROP_SFTP_LOGIN_GRACE: '1m',
      POLICYDROP_SFTP_LOGIN_ATTEMPTS: '3',
      POLICYDROP_SFTP_IDLE: '1h',
      POLICYDROP_SFTP_CHANNELS: '5',
      POLICYDROP_SFTP_HANDLES: '20',
      POLICYDROP_SFTP_REQUESTS: '2',
      POLICYDROP_SFTP_UNREAD: '512KiB',
      POLICYDROP_SFTP_BAN: '5m',
      POLICYDROP_SFTP_NEVER_BAN: '192.0.2.0/24',
      POLICYDROP_SFTP_PROXIES: '10.0.0.5/32',
      POLICYDROP_SFTP_OLDER_MACS: 'true',
      POLICYDROP_HTTP_PORT: '80',
      POLICYDROP_HTTP_PUBLIC_URL: 'https://policies.example',
      POLICYDROP_HTTP_PROXIES: '10.0.0.6/32',
      POLICYDROP_HTTP_FAILURES: '5',
      POLICYDROP_HTTP_REQUEST_RATE: '7',
      POLICYDROP_HTTP_QUOTE_VALIDITY: '1h',
      POLICYDROP_HTTP_OFFER_VALIDITY: '2d',
      POLICYDROP_HTTP_OPEN_OFFERS: '9',
      POLICYDROP_HTTP_DOCUMENT_VALIDITY: '3d',
      POLICYDROP_SETTLE: '1m',
      POLICYDROP_GRACE: '500ms',
      POLICYDROP_KEEP_UNFINISHED: '2d',
      POLICYDROP_WEBHOOKS_ALLOW: '10.0.0.0/8, fd00::/8',
      POLICYDROP_WEBHOOKS_SECRET_OVERLAP: '2d',
      POLICYDROP_WEBHOOKS_KEEP_DELIVERIES: '7d',
    };
    const secret = { POLICYDROP_MASTER_KEY: Buffer.alloc(32, 1).toString('base64') };
    const variables = Object.values(SETTINGS).map(({ key }) => variableOf(key));
    expect(Object.keys({ ...env, ...secret })).toEqual(expect.arrayContaining(variables));
    expect(loaded({ env })).toEqual(loaded({ yaml: ALL }));
    expect(loaded({ env: secret }).master_key).toEqual(new Uint8Array(32).fill(1));
  });

  test('are decided by the flag, then the environment, then the file', () => {
    const flags = { settle: '1s' };
    const env = { POLICYDROP_SETTLE: '2s' };
    const yaml = 'settle: 3s';
    expect(loaded({ flags, env, yaml }).settle).toBe(1_000);
    expect(loaded({ flags: { settle: undefined }, env, yaml }).settle).toBe(2_000);
    expect(loaded({ yaml }).settle).toBe(3_000);
  });

  test('of an empty file, and of groups whose settings are commented out, are the defaults', () => {
    expect(loaded({ yaml: '' })).toEqual(loaded({}));
    expect(loaded({ yaml: '# nothing\n' })).toEqual(loaded({}));
    expect(loaded({ yaml: 'sftp:\n  # port: 22\nhttp: {}\n' })).toEqual(loaded({}));
  });

  test('leave the environment’s other variables alone', () => {
    expect(loaded({ env: { PATH: '/bin', MY_POLICYDROP_X: '1' } })).toEqual(loaded({}));
  });

  test('can empty the list of networks', () => {
    expect(loaded({ env: { POLICYDROP_WEBHOOKS_ALLOW: '' }, yaml: ALL }).webhooks.allow).toEqual([]);
  });
});

describe('a secret', () => {
  const text = Buffer.alloc(32, 1).toString('base64');

  test('is refused in the file, and by no means shown', () => {
    expect(refusal({ yaml: `master_key: ${text}` })).toContain('POLICYDROP_MASTER_KEY');
    expect(refusal({ yaml: `master_key: ${text}` })).not.toContain(text);
  });

  test.each(['', 'short', text.slice(4), `${text}AAAA`, text.replace('AQEB', 'A-_B')])(
    'that is none is refused without being shown: %j',
    (value) => {
      const message = refusal({ env: { POLICYDROP_MASTER_KEY: value } });
      expect(message).toBe(
        'POLICYDROP_MASTER_KEY must be 32 bytes in base64, as "openssl rand -base64 32" prints them.',
      );
    },
  );
});

describe('an unknown setting', () => {
  test.each([
    ['setle: 3s', 'setle'],
    ['sftp:\n  prot: 22', 'sftp.prot'],
    ['http:\n  port:\n    number: 80', 'http.port'],
    ['ssh: {}', 'ssh'],
    ['__proto__: 1', '__proto__'],
    ['constructor: 1', 'constructor'],
  ])('in the file is refused, and named: %j', (yaml, key) => {
    expect(refusal({ yaml })).toContain(key);
    expect(refusal({ yaml })).toContain('policydrop.yaml');
  });

  test('comes with those that there are', () => {
    for (const { key } of Object.values(SETTINGS)) expect(refusal({ yaml: 'setle: 3s' })).toContain(key);
  });

  test('in the environment is refused, and named', () => {
    expect(refusal({ env: { POLICYDROP_SETLE: '3s' } })).toContain('POLICYDROP_SETLE');
    expect(refusal({ env: { POLICYDROP_SETLE: '3s' } })).toContain('POLICYDROP_SETTLE');
  });
});

describe('a value that makes no sense', () => {
  test.each([
    ['sftp:\n  port: 65536', 'sftp.port is "65536", but must be a port'],
    ['sftp:\n  port: -1', 'sftp.port is "-1"'],
    ['sftp:\n  port: 22.5', 'sftp.port is "22.5"'],
    ['sftp:\n  port:', 'sftp.port is "null"'],
    ['sftp:\n  connections: 0', 'sftp.connections is "0", but must be a number, 1 to 999999'],
    ['sftp:\n  connections: 1e3x', 'must be a number'],
    ['sftp:\n  idle: 25d', 'sftp.idle is "25d", but must be a duration such as 500ms, 3s or 15m, up to 24d'],
    ['sftp:\n  unread: 1000', 'sftp.unread is "1000", but must be a size such as 512KiB or 1MiB'],
    ['sftp:\n  unread: 255KiB', 'sftp.unread is "255KiB"'],
    ['sftp:\n  login_grace: 0s', 'sftp.login_grace is "0s"'],
    ['settle: 3', 'settle is "3", but must be a duration such as 500ms'],
    ['settle: soon', 'settle is "soon"'],
    ['data: ""', 'data is "", but must be a text'],
    ['data: 5', 'data is "5"'],
    ['http:\n  public_url: policies.example', 'must be a URL that begins with http:// or https://'],
    ['http:\n  public_url: "javascript:alert(1)"', 'must be a URL'],
    ['webhooks:\n  allow: [10.0.0.0/33]', '"10.0.0.0/33" is none'],
    ['webhooks:\n  allow: [10.0.0.0]', '"10.0.0.0" is none'],
    ['webhooks:\n  allow: [localhost/8]', '"localhost/8" is none'],
    ['webhooks:\n  allow: 7', 'a list of networks'],
    ['webhooks: [10.0.0.0/8]', 'webhooks must hold settings'],
    ['sftp: 2022', 'sftp must hold settings'],
    ['hello', 'the file must hold settings'],
    ['- a\n- b', 'the file must hold settings'],
  ])('%j in the file is refused, with place and value', (yaml, message) => {
    expect(refusal({ yaml })).toContain(message);
    expect(refusal({ yaml })).toContain('policydrop.yaml');
  });

  test('says whether the flag or the variable is meant', () => {
    expect(refusal({ flags: { 'http.port': 'x' } })).toContain('--http-port is "x"');
    expect(refusal({ env: { POLICYDROP_GRACE: 'x' } })).toContain('POLICYDROP_GRACE is "x"');
  });

  test.each(['a: [', 'a: b: c', '\tsettle: 3s', 'settle: 3s\nsettle: 4s', 'a: &a [*b]', 'x: &x {y: *x}'])(
    'broken YAML is refused in one line: %j',
    (yaml) => {
      expect(refusal({ yaml })).toMatch(/^policydrop\.yaml: .+$/);
    },
  );
});
