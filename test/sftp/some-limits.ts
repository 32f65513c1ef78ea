import { loadConfig } from '../../src/config/config.ts';
import type { Limits } from '../../src/sftp/limits.ts';

/** What an operator has who sets nothing. */
export function defaultLimits(): Limits {
  const config = loadConfig({ flags: {}, env: {}, file: undefined });
  if (!config.ok) throw new Error(config.message);
  return config.value.sftp;
}

/** As by default, but one address may come and fail as often as the tests on this machine do. */
export function someLimits(limits: Partial<Limits> = {}): Limits {
  return { ...defaultLimits(), startups_per_source: 100, connection_rate: 1_000, ban: 0, ...limits };
}
