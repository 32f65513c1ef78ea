// The import worker thread. It reaches the store's threads through ports of its own, so that neither rows nor bytes
// pass through the main thread; to main it only says what it did.
import { parentPort, workerData } from 'node:worker_threads';
import { Bell } from '../domain/bell.ts';
import type { Log } from '../domain/log.ts';
import { openSpool } from '../inbox/small-files.ts';
import { editionsFrom } from '../purchase/catalogue.ts';
import { connectStore, type StorePorts } from '../store/open.ts';
import { importDueFiles } from './import-loop.ts';

export type WorkerStart = {
  readonly ports: StorePorts;
  readonly spoolDirectory: string;
  readonly grace: number;
};
export type ToWorker = 'wake' | 'stop';
export type LogRecord = { readonly level: keyof Log; readonly message: string; readonly fields: LogFields };
type LogFields = Readonly<Record<string, unknown>> | undefined;

if (parentPort) await work(parentPort, workerData as WorkerStart);

async function work(main: NonNullable<typeof parentPort>, start: WorkerStart): Promise<void> {
  const bell = new Bell();
  const stop = new AbortController();
  main.on('message', (message: ToWorker) => {
    if (message === 'stop') stop.abort();
    bell.ring();
  });
  const say = (level: keyof Log) => (message: string, fields: LogFields) =>
    main.postMessage({ level, message, fields } satisfies LogRecord);
  const store = connectStore(start.ports);
  await importDueFiles(
    {
      store,
      spool: await openSpool(start.spoolDirectory, store),
      editions: editionsFrom(store),
      grace: start.grace,
      clock: Date.now,
      log: { info: say('info'), warn: say('warn'), error: say('error') },
      stop: stop.signal,
    },
    bell,
  );
  await store.close();
  main.close(); // nothing keeps the thread any more
}
