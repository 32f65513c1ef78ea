import type { Log } from '../../domain/log.ts';
import { sourceOf } from '../../domain/source.ts';

const MINUTE = 60_000; // ms
const LINES = 100; // a minute: a flood from everywhere must not fill the log either

/** Logs what is refused once per source and minute; returns whether this was the first of its minute. */
export function refusalNotes(log: Log, clock: () => number): (address: string, reason: string) => boolean {
  let noted = new Set<string>();
  let since = clock();
  let refused = 0;

  return (address, reason) => {
    const now = clock();
    if (now - since >= MINUTE) {
      if (refused > noted.size)
        log.warn('refused more connections than were logged', {
          refused,
          since: new Date(since).toISOString(),
        });
      noted = new Set();
      since = now;
      refused = 0;
    }
    refused++;
    const source = sourceOf(address);
    if (noted.has(source) || noted.size >= LINES) return false;
    noted.add(source);
    log.warn('refused a connection', { source: address, reason });
    return true;
  };
}
