import { once } from 'node:events';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { callsTo } from './rpc.ts';
import type { ThreadData, ThreadMessage } from './sqlite/thread.ts';
import type { Store } from './store.ts';

/** Ports to the store's threads; transferable to another thread, which makes a `Store` of them with `connectStore`. */
export type StorePorts = { readonly writer: MessagePort; readonly reader: MessagePort };

export type OpenStore = Store & {
  /** Fresh ports, for a thread that wants to talk to the store without going through this one. */
  ports(): StorePorts;
};

/** MB; a chunk of 2 000 rows and what becomes of it take a few. Small, as a heap grows into what it is given. */
const HEAP = { maxYoungGenerationSizeMb: 3, maxOldGenerationSizeMb: 48 };

/** What is only read goes to the second connection, so that no list waits for a chunk. */
const READS: ReadonlySet<string> = new Set<keyof Store>([
  'account',
  'accounts',
  'keys',
  'apiKeys',
  'apiKeyOwner',
  'hasProcessedFiles',
  'listFolder',
  'findEntry',
  'fileBytes',
  'openUploads',
  'import',
  'imports',
  'outcomes',
  'reportChunk',
  'sameImport',
  'tryChunk',
  'endTrial',
  'policy',
  'offer',
  'policies',
  'policyPaths',
  'policyHistory',
  'product',
  'edition',
  'products',
  'nextEndpointId',
  'endpoints',
  'endpoint',
  'waitingEvents',
  'plainSecrets',
  'someSecret',
  'events',
  'deliveries',
  'delivery',
  'countReplay',
  'replays',
  'replay',
  'failedAttempts',
  'deliveryBacklog',
  'ping',
]);

/** Opens (and where needed creates or migrates) the store in `directory` and starts its threads. */
export async function openStore(directory: string): Promise<OpenStore> {
  const writer = await startThread({ directory, role: 'writer' }); // it migrates, before there is a reader
  const reader = await startThread({ directory, role: 'reader' });
  const ports = () => ({ writer: writer.connect(), reader: reader.connect() });
  const { store, fail } = connected(ports());
  for (const thread of [writer, reader]) thread.onFailure(fail);
  return Object.assign(store, {
    ports,
    close: async () => {
      await reader.close();
      await writer.close(); // last, so that the log is folded into the database
    },
  });
}

/** A store over ports that another thread has made. */
export function connectStore(ports: StorePorts): Store {
  return connected(ports).store;
}

function connected(ports: StorePorts): { store: Store; fail(error: Error): void } {
  const writer = callsTo(ports.writer);
  const reader = callsTo(ports.reader);
  const close = async () => {
    writer.close();
    reader.close();
  };
  const store = new Proxy({ close } as unknown as Store, {
    get(target, name: string) {
      if (name in target) return Reflect.get(target, name);
      if (name === 'then') return undefined; // a store is no promise
      return (...args: unknown[]) => (READS.has(name) ? reader : writer).call(name, args);
    },
  });
  const fail = (error: Error) => {
    writer.fail(error);
    reader.fail(error);
  };
  return { store, fail };
}

async function startThread(workerData: ThreadData) {
  const worker = new Worker(new URL('./sqlite/thread.ts', import.meta.url), {
    workerData,
    resourceLimits: HEAP,
  });
  await once(worker, 'message'); // "open"; an error while opening is thrown here
  worker.unref();
  let closing = false;
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve())); // also when it fails by itself
  const post = (message: ThreadMessage, transfer: MessagePort[] = []) =>
    worker.postMessage(message, transfer);
  return {
    connect(): MessagePort {
      const { port1, port2 } = new MessageChannel();
      post({ connect: port2 }, [port2]);
      return port1;
    },
    onFailure(fail: (error: Error) => void): void {
      worker.on('error', (cause) => fail(new Error(`The store has failed: ${cause.message}`, { cause })));
      worker.on('exit', () => closing || fail(new Error('The store has ended.')));
    },
    async close(): Promise<void> {
      closing = true;
      worker.ref();
      post({ close: true });
      await ended;
    },
  };
}
