/** What clients may cost the server; names, defaults and reasons are those of the settings `sftp.*` (docs/operator.md). */
export type Limits = {
  readonly connections: number;
  readonly connections_per_source: number;
  readonly startups: number;
  readonly startups_per_source: number;
  /** New connections of one source, per second. */
  readonly connection_rate: number;
  /** Times are in ms. */
  readonly login_grace: number;
  readonly login_attempts: number;
  readonly idle: number;
  readonly channels: number;
  readonly handles: number;
  readonly requests: number;
  /** In bytes. */
  readonly unread: number;
  readonly ban: number;
  /** Networks such as `10.0.0.0/8`. */
  readonly never_ban: readonly string[];
  /** Networks, too. */
  readonly proxies: readonly string[];
};

/** Those of one SFTP session. */
export type SessionLimits = Pick<Limits, 'handles' | 'requests'>;
