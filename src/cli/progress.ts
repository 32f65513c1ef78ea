import { setTimeout as sleep } from 'node:timers/promises';
import progress, { type SingleBar } from 'cli-progress';
import type { ImportId } from '../domain/ids.ts';
import type { Import } from '../domain/import.ts';
import type { Store } from '../store/store.ts';
import { printable, printLines } from './output.ts';
import { inMinutes, paceOf } from './pace.ts';

const LOOK_EVERY = 200; // ms between looks at the store
const WORTH_A_BAR = 1_000; // ms: shorter imports only get their closing line
const LOOK_BACK = 50; // imports that are watched at once

export const BAR_LOOK = {
  barsize: 24,
  hideCursor: true,
  clearOnComplete: true,
  forceRedraw: true,
  barCompleteChar: '━',
  barIncompleteChar: '╌',
};

/** One line that says how an import ended. */
export function summary(one: Import): string {
  const { rows, created, duplicates, rejected } = one;
  const seconds = ((one.completed_at ?? 0) - (one.started_at ?? 0)) / 1000;
  const count = (n: number) => n.toLocaleString('en');
  const name = `${printable(one.file)} (${one.account}, ${one.mode})`;
  if (one.state !== 'completed' && rows === 0)
    return `${one.state === 'held' ? '‖' : '✗'} ${name}: ${one.state}: ${printable(one.problem ?? '')}`;
  const sign = rejected > 0 ? '!' : '✓';
  const state = one.state === 'completed' ? '' : `${one.state} after `;
  return `${sign} ${name}: ${state}${count(rows)} rows: ${count(created)} created, ${count(duplicates)} duplicates, ${count(rejected)} rejected, in ${seconds.toFixed(1)} s`;
}

/** Shows every import while it runs, and a closing line for each, until `signal` aborts. */
export async function followImports(store: Store, signal: AbortSignal): Promise<void> {
  const bars = progressBars();
  const told = new Set((await recent(store)).filter(isOver).map((one) => one.id));
  while (!signal.aborted) {
    for (const one of (await recent(store)).reverse()) {
      if (one.state === 'processing') bars.show(one);
      else if (isOver(one) && !told.has(one.id)) {
        bars.remove(one.id);
        bars.log(summary(one));
        told.add(one.id);
      } else if (!isOver(one)) told.delete(one.id); // a held file goes on
    }
    await sleep(LOOK_EVERY, undefined, { signal }).catch(() => {});
  }
  bars.stop();
}

/** Waits for one import with a progress bar; resolves to its last state. `see` is given each that differs from the one before. */
export async function waitForImport(
  store: Pick<Store, 'import'>,
  id: ImportId,
  see: (one: Import) => void = () => {},
): Promise<Import> {
  let seen = '';
  const bars = progressBars();
  try {
    for (;;) {
      const one = await store.import(id, Date.now());
      if (!one) throw new Error(`The import ${id} is gone.`);
      const now = JSON.stringify(one);
      if (now !== seen) see(one);
      seen = now;
      if (isOver(one)) return one;
      if (one.state === 'processing') bars.show(one);
      await sleep(LOOK_EVERY);
    }
  } finally {
    bars.stop();
  }
}

function isOver({ state }: Import): boolean {
  return state === 'completed' || state === 'rejected' || state === 'held' || state === 'cancelled';
}

function recent(store: Store): Promise<Import[]> {
  return store.imports({ limit: LOOK_BACK, now: Date.now() });
}

/** A bar for the reading of a file, on a terminal's stderr and only when one has to wait for it. */
export function readingBar(file: string) {
  const start = Date.now();
  let bar: SingleBar | undefined;
  return {
    at: (read: number, all: number): void => {
      if (process.stderr.isTTY !== true || Date.now() - start < WORTH_A_BAR) return;
      const seconds = (Date.now() - start) / 1000;
      const left = inMinutes(Math.ceil((seconds * (all - read)) / Math.max(read, 1)));
      bar ??= new progress.SingleBar({ ...BAR_LOOK, format: '  {bar} {percentage}%  {file} · {left} left' });
      if (!bar.isActive) bar.start(all, read, { file: printable(file), left });
      bar.update(read, { file: printable(file), left });
    },
    stop: (): void => bar?.stop(),
  };
}

/** Bars on a terminal's stderr; elsewhere only the closing lines appear. */
function progressBars() {
  const bars = new Map<ImportId, SingleBar>();
  const multi = new progress.MultiBar(
    {
      ...BAR_LOOK,
      format: '  {bar} {percentage}%  {file}  {rows} rows · {rate} rows/s · {left} left',
    },
    undefined,
  );
  const interactive = process.stderr.isTTY === true;
  return {
    show(one: Import): void {
      if (!interactive || Date.now() - (one.started_at ?? 0) < WORTH_A_BAR) return;
      const bar = bars.get(one.id) ?? multi.create(one.bytes, 0, payload(one));
      bar.setTotal(one.bytes); // of a workbook it is not known at once
      bars.set(one.id, bar);
      bar.update(one.bytes_read, payload(one));
    },
    remove(id: ImportId): void {
      const bar = bars.get(id);
      if (bar) multi.remove(bar);
      bars.delete(id);
    },
    log(line: string): void {
      if (bars.size > 0) multi.log(`${line}\n`);
      else printLines([line]);
    },
    stop: () => multi.stop(),
  };
}

function payload(one: Import) {
  const { rows_per_second = 0, seconds_left = 0 } = paceOf(one, Date.now()) ?? {};
  return {
    file: printable(one.file),
    rows: one.rows.toLocaleString('en'),
    rate: rows_per_second.toLocaleString('en'),
    left: inMinutes(seconds_left),
  };
}
