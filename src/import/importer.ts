import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Log } from '../domain/log.ts';
import type { StorePorts } from '../store/open.ts';
import type { LogRecord, ToWorker, WorkerStart } from './worker.ts';

const WORKER = new URL('./worker.ts', import.meta.url);
/**
 * MB; four imports need about 100, and a leak shall end the thread and not the machine. Small, as a heap grows into what it is given;
 * but a young heap of less has many rows outlive it, which costs a tenth of the speed.
 */
const HEAP = { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 48 };
const FIRST_RESTART_MS = 1000;
const LAST_RESTART_MS = 60_000;
const STOP_MS = 10_000; // an import comes to the end of its chunk in far less; if not, it goes on from its checkpoint

export type ImporterOptions = {
  /** Fresh ports to the store: each worker takes its own with it when it dies. */
  readonly ports: () => StorePorts;
  readonly dataDir: string;
  readonly grace: number; // ms
  readonly log: Log;
};

export type Importer = {
  /** There is something to import: looks now instead of a moment later. */
  wake(): void;
  /** Claims nothing more and resolves when every running import has come to a safe point. */
  stop(): Promise<void>;
};

/** Starts the thread that imports what is due, and starts it again when it dies. */
export async function startImporter(options: ImporterOptions): Promise<Importer> {
  const { log, ports } = options;
  let stopping = false;
  let delay = FIRST_RESTART_MS;
  let restart: NodeJS.Timeout | undefined;
  let worker = start();

  function start(): Worker {
    const storePorts = ports();
    const workerData: WorkerStart = {
      ports: storePorts,
      spoolDirectory: join(options.dataDir, 'spool'),
      grace: options.grace,
    };
    const started = new Worker(WORKER, {
      workerData,
      transferList: [storePorts.writer, storePorts.reader],
      resourceLimits: HEAP,
    });
    started.on('message', ({ level, message, fields }: LogRecord) => log[level](message, fields));
    started.on('error', (error) => log.error('the import thread has failed', { error: String(error) }));
    started.on('exit', () => {
      if (!stopping) startAgainLater();
    });
    return started;
  }

  function startAgainLater(): void {
    log.warn('the import thread is started again', { delay });
    restart = setTimeout(() => {
      worker = start();
    }, delay);
    delay = Math.min(delay * 2, LAST_RESTART_MS);
  }

  return {
    wake: () => worker.postMessage('wake' satisfies ToWorker),
    stop: async () => {
      stopping = true;
      clearTimeout(restart);
      await ended(worker);
    },
  };
}

/** Asks a worker to stop, and stops it when it does not. */
async function ended(worker: Worker): Promise<void> {
  if (worker.threadId === -1) return;
  const exit = new Promise((resolve) => worker.once('exit', resolve));
  worker.postMessage('stop' satisfies ToWorker);
  const timer = setTimeout(() => worker.terminate(), STOP_MS);
  await exit;
  clearTimeout(timer);
}
