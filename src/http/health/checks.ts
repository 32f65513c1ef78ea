import type { Log } from '../../domain/log.ts';

const PATIENCE = 3_000; // ms: a check that takes longer is as good as failed

/** What must be in order for the server to be ready, by name; a check that throws says that it is not. */
export type Checks = Readonly<Record<string, () => Promise<void>>>;

/** The names of the checks that fail, or do not answer in time; the log says why. */
export async function failingChecks(checks: Checks, log: Log, patience = PATIENCE): Promise<string[]> {
  const names = Object.entries(checks).map(async ([name, check]) => {
    try {
      await withinTime(check(), patience);
      return [];
    } catch (error) {
      log.warn('not ready', { check: name, error: String(error) });
      return [name];
    }
  });
  return (await Promise.all(names)).flat();
}

async function withinTime(checking: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  await Promise.race([checking, late]).finally(() => clearTimeout(timer));
}
