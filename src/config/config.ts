// Settings come from flags, the environment and one YAML file, in this order of precedence, and then from their
// defaults. A key that nobody knows is an error: a setting with a typing mistake must not be silently ignored.
import { parse as parseYaml } from 'yaml';
import { ok, type Result, refused } from '../domain/refusal.ts';
import { SETTINGS, type Setting } from './settings.ts';

/** Every setting of the program; durations in ms. */
export type Config = {
  readonly data: string;
  readonly master_key: Uint8Array | undefined;
  readonly host: string;
  readonly sftp: {
    readonly port: number;
    readonly connections: number;
    readonly connections_per_source: number;
    readonly startups: number;
    readonly startups_per_source: number;
    readonly connection_rate: number;
    readonly login_grace: number;
    readonly login_attempts: number;
    readonly idle: number;
    readonly channels: number;
    readonly handles: number;
    readonly requests: number;
    readonly unread: number;
    readonly ban: number;
    readonly never_ban: readonly string[];
    readonly older_macs: boolean;
    readonly proxies: readonly string[];
  };
  readonly http: {
    readonly port: number;
    readonly public_url: string | undefined;
    readonly proxies: readonly string[];
    readonly failures: number;
    readonly request_rate: number;
    readonly quote_validity: number;
    readonly offer_validity: number;
    readonly open_offers: number;
    readonly document_validity: number;
  };
  readonly settle: number;
  readonly grace: number;
  readonly keep_unfinished: number;
  readonly webhooks: {
    readonly allow: readonly string[];
    readonly secret_overlap: number;
    readonly keep_deliveries: number;
  };
};

type Sources = {
  /** By the setting's key; undefined where a flag was not given. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file: { readonly name: string; readonly text: string } | undefined;
};

/** Thrown inside this file only, and returned as a refusal. */
class Wrong extends Error {}

const PREFIX = 'POLICYDROP_';
const KEYS = Object.values(SETTINGS).map(({ key }) => key);
const NO_SETTINGS = ['POLICYDROP_LISTEN_SECRET']; // what single commands take from the environment
const SECRETS = (Object.values(SETTINGS) as readonly Setting[]).filter(({ secret }) => secret);

/** The environment variable of a setting: `sftp.port` → `POLICYDROP_SFTP_PORT`. */
export function variableOf(key: string): string {
  return PREFIX + key.toUpperCase().replaceAll('.', '_');
}

/** All settings, or what is wrong with one of them and where it stands. */
export function loadConfig({ flags, env, file }: Sources): Result<Config, 'invalid_setting'> {
  try {
    const written = file ? fromFile(file) : new Map<string, unknown>();
    refuseUnknownVariables(env);
    const of = <T>(setting: Setting<T>): T => {
      const { key } = setting;
      const flag = flags[key];
      if (flag !== undefined) return parsed(setting, flag, `--${key.replace('.', '-')}`);
      const variable = env[variableOf(key)];
      if (variable !== undefined) return parsed(setting, variable, variableOf(key));
      return written.has(key) ? parsed(setting, written.get(key), `${file?.name}: ${key}`) : setting.initial;
    };
    return ok({
      data: of(SETTINGS.data),
      master_key: of(SETTINGS.masterKey),
      host: of(SETTINGS.host),
      sftp: {
        port: of(SETTINGS.sftpPort),
        connections: of(SETTINGS.connections),
        connections_per_source: of(SETTINGS.connectionsPerSource),
        startups: of(SETTINGS.startups),
        startups_per_source: of(SETTINGS.startupsPerSource),
        connection_rate: of(SETTINGS.connectionRate),
        login_grace: of(SETTINGS.loginGrace),
        login_attempts: of(SETTINGS.loginAttempts),
        idle: of(SETTINGS.idle),
        channels: of(SETTINGS.channels),
        handles: of(SETTINGS.handles),
        requests: of(SETTINGS.requests),
        unread: of(SETTINGS.unread),
        ban: of(SETTINGS.ban),
        never_ban: of(SETTINGS.neverBan),
        older_macs: of(SETTINGS.olderMacs),
        proxies: of(SETTINGS.proxies),
      },
      http: {
        port: of(SETTINGS.httpPort),
        public_url: of(SETTINGS.publicUrl),
        proxies: of(SETTINGS.httpProxies),
        failures: of(SETTINGS.httpFailures),
        request_rate: of(SETTINGS.requestRate),
        quote_validity: of(SETTINGS.quoteValidity),
        offer_validity: of(SETTINGS.offerValidity),
        open_offers: of(SETTINGS.openOffers),
        document_validity: of(SETTINGS.documentValidity),
      },
      settle: of(SETTINGS.settle),
      grace: of(SETTINGS.grace),
      keep_unfinished: of(SETTINGS.keepUnfinished),
      webhooks: {
        allow: of(SETTINGS.webhooksAllow),
        secret_overlap: of(SETTINGS.secretOverlap),
        keep_deliveries: of(SETTINGS.keepDeliveries),
      },
    });
  } catch (error) {
    if (error instanceof Wrong) return refused('invalid_setting', error.message);
    throw error;
  }
}

function parsed<T>(setting: Setting<T>, value: unknown, where: string): T {
  const result = setting.parse(value);
  if (!result.ok && setting.secret) throw new Wrong(`${where} ${result.message}.`);
  if (!result.ok) throw new Wrong(`${where} is "${String(value)}", but ${result.message}.`);
  return result.value;
}

/** The leaves of the file by their dotted keys. */
function fromFile({ name, text }: { name: string; text: string }): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const walk = (node: unknown, group: string) => {
    if (node === null) return; // a group whose settings are all commented out
    if (!isGroup(node)) throw new Wrong(`${name}: ${group || 'the file'} must hold settings, one a line.`);
    for (const [child, value] of Object.entries(node)) {
      const key = group === '' ? child : `${group}.${child}`;
      if (SECRETS.some((secret) => secret.key === key))
        throw new Wrong(`${name}: ${key} is a secret: set ${variableOf(key)} instead.`);
      if (KEYS.includes(key)) found.set(key, value);
      else if (KEYS.some((known) => known.startsWith(`${key}.`))) walk(value, key);
      else throw new Wrong(`${name}: there is no setting "${key}". There are: ${KEYS.join(', ')}.`);
    }
  };
  walk(parsedYaml(name, text), '');
  return found;
}

function parsedYaml(name: string, text: string): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    throw new Wrong(`${name}: ${(error as Error).message.split('\n')[0]}`);
  }
}

function isGroup(node: unknown): node is object {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}

function refuseUnknownVariables(env: Sources['env']): void {
  const known = new Set(KEYS.map(variableOf));
  const unknown = Object.keys(env).find(
    (name) => name.startsWith(PREFIX) && !known.has(name) && !NO_SETTINGS.includes(name),
  );
  if (unknown !== undefined)
    throw new Wrong(`There is no setting ${unknown}. There are: ${[...known].join(', ')}.`);
}
