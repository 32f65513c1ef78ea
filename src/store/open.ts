import type { MessagePort } from 'node:worker_threads';
import type { Store } from './store.ts';

/** Ports to the store's threads; transferable to another thread, which makes a `Store` of them with `connectStore`. */
export type StorePorts = { readonly writer: MessagePort; readonly reader: MessagePort };

/** Opens (and where needed creates or migrates) the store in `directory` and starts its threads. */
export declare function openStore(directory: string): Promise<Store & { ports(): StorePorts }>;

export declare function connectStore(ports: StorePorts): Store;
