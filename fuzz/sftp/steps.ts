// What partners, time and the importer do to an account, as data: a counter-example is a list of these.
import type { Random } from '../random.ts';
import { GRACE, SETTLE } from './site.ts';

type By = { readonly session: number };
type At = By & { readonly path: string };
/** `handle` is the name that a step `open` gave it. */
type On = By & { readonly handle: string };
export type Changes = { readonly size?: number; readonly mtime?: number };

export type Step =
  | (At & { readonly do: 'open'; readonly flags: number; readonly as: string })
  | (On & { readonly do: 'close' | 'fstat' | 'fsync' })
  | (On & { readonly do: 'read'; readonly offset: number; readonly length: number })
  | (On & { readonly do: 'write'; readonly offset: number; readonly text: string })
  | (On & { readonly do: 'fsetstat' } & Changes)
  | (At & { readonly do: 'setstat' } & Changes)
  | (At & { readonly do: 'stat' | 'lstat' | 'list' | 'remove' | 'mkdir' | 'rmdir' | 'get' })
  | (At & { readonly do: 'rename'; readonly to: string; readonly replace: boolean })
  | (By & { readonly do: 'vanish' })
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'claim' }
  | { readonly do: 'complete' | 'reject' | 'hold' };

export const SESSIONS = 3;
const LENGTH = 60; // steps, at most

const UPLOADS = ['/test/a.csv', '/test/b.csv', '/test/a.csv.part', '/live/a.csv'];
const KEPT = [
  '/imports_processed/a.csv',
  '/imports_processed/a (2).csv',
  '/imports_reports/a.csv.report.csv',
];
const FOLDERS = ['/', '/test', '/live', '/imports_processed', '/imports_reports'];
const NOWHERE = ['/a.csv', '/test/deep/a.csv', '/else/a.csv', '/test/a\u0001.csv'];
const FLAGS = [1, 1, 26, 26, 26, 27, 10, 14, 2, 6, 42, 3, 0, 4, 8, 16, 63];
const WAITS = [0, 1000, 3000, 3000, 10_000, 60_000, 600_000, 900_000];
const SIZES = [0, 3, 7, 20, 8 * 1024 ** 3 + 1];
const OFFSETS = [0, 0, 0, 3, 5, 12, 8 * 1024 ** 3];
const TEXTS = ['', 'x', 'some', 'longer text'];

/** A life of an account, from steps that mostly make sense together. */
export function randomSteps(random: Random): Step[] {
  const opened: string[] = [];
  const steps: Step[] = [];
  for (let left = 1 + random.below(LENGTH); left > 0; left--) {
    if (random.chance(0.2)) steps.push(...phrase(random, steps.length));
    else steps.push(step(random, opened, steps.length));
  }
  return steps;
}

/** Steps that lead somewhere only one after the other. */
function phrase(random: Random, index: number): Step[] {
  const session = random.below(SESSIONS);
  const on = { session, handle: `h${index}/${session}` };
  switch (random.below(3)) {
    case 0:
      return [
        { do: 'open', session, path: random.pick(UPLOADS), flags: 26, as: on.handle },
        { do: 'write', ...on, offset: 0, text: random.pick(TEXTS) },
        { do: 'close', ...on },
      ];
    case 1:
      return [{ do: 'wait', ms: SETTLE }, { do: 'claim' }];
    default:
      return [{ do: 'complete' }, { do: 'wait', ms: GRACE }];
  }
}

function step(random: Random, opened: string[], index: number): Step {
  const session = random.below(SESSIONS);
  const path = random.chance(0.85) ? random.pick(UPLOADS) : random.pick([...KEPT, ...FOLDERS, ...NOWHERE]);
  const handle = opened.at(-1 - random.below(Math.min(4, opened.length))) ?? 'none';
  const owner = Number(handle.split('/')[1] ?? session);
  const on = { session: random.chance(0.98) ? owner : session, handle };
  const changes = changesOf(random);
  switch (random.below(26)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4: {
      const as = `h${index}/${session}`;
      opened.push(as);
      return {
        do: 'open',
        session,
        path,
        flags: random.chance(0.1) ? random.below(64) : random.pick(FLAGS),
        as,
      };
    }
    case 5:
    case 6:
    case 7:
    case 8:
      return { do: 'write', ...on, offset: random.pick(OFFSETS), text: random.pick(TEXTS) };
    case 9:
    case 10:
    case 11:
    case 12:
      return { do: 'close', ...on };
    case 13:
      return { do: 'read', ...on, offset: random.pick([0, 0, 2, 100]), length: random.pick([0, 4, 1000]) };
    case 14:
      return { do: random.pick(['fstat', 'fsync']), ...on };
    case 15:
      return { do: 'fsetstat', ...on, ...changes };
    case 16:
      return { do: 'setstat', session, path, ...changes };
    case 17:
      return { do: random.pick(['stat', 'lstat', 'get']), session, path };
    case 18:
      return { do: 'list', session, path: random.chance(0.9) ? random.pick(FOLDERS) : path };
    case 19:
      return { do: 'remove', session, path };
    case 20:
    case 21:
      return {
        do: 'rename',
        session,
        path,
        to: random.pick([...UPLOADS, path, '/test/a\u0001.csv']),
        replace: random.chance(0.5),
      };
    case 22:
      return random.chance(0.5)
        ? { do: 'vanish', session }
        : { do: random.pick(['mkdir', 'rmdir']), session, path };
    case 23:
      return { do: 'wait', ms: random.pick(WAITS) };
    case 24:
      return { do: 'claim' };
    default:
      return { do: random.chance(0.7) ? 'complete' : random.pick(['reject', 'hold']) };
  }
}

function changesOf(random: Random): Changes {
  const size = random.chance(0.6) ? { size: random.pick(SIZES) } : {};
  const mtime = random.chance(0.4) ? { mtime: 1_700_000_000_000 + random.below(3) * 1000 } : {};
  return { ...size, ...mtime };
}

/** The step in one line, as a person would write it down. */
export function told({ do: what, ...rest }: Step): string {
  const fields = Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return `${what} ${fields.join(', ')}`.trim();
}
