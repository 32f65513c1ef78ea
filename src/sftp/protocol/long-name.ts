import type { Listed } from '../../inbox/drop.ts';

const HALF_A_YEAR = 182 * 86_400_000; // ms: older files show their year, as `ls -l` does
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A line of `ls -l`, which FileZilla, PuTTY and WinSCP read: type and mode, links, owner, group, size, time (UTC), name. */
export function longName({ kind, name, size, mtime }: Listed, owner: string, now: number): string {
  const mode = kind === 'folder' ? 'drwxr-xr-x' : '-rw-r--r--';
  const who = owner.slice(0, 32).padEnd(8);
  return `${mode}    1 ${who} ${who} ${String(size).padStart(8)} ${when(new Date(mtime), now)} ${name}`;
}

function when(time: Date, now: number): string {
  const month = MONTHS[time.getUTCMonth()];
  const day = String(time.getUTCDate()).padStart(2);
  const age = now - time.getTime();
  if (age > HALF_A_YEAR || age < -HALF_A_YEAR) return `${month} ${day}  ${time.getUTCFullYear()}`;
  return `${month} ${day} ${time.toISOString().slice(11, 16)}`;
}
