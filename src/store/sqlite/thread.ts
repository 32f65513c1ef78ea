// The entry of both store threads: one connection, and the methods of the store for whoever holds a port.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { answerCalls } from '../rpc.ts';
import { openDatabase } from './connection.ts';
import { storeMethods } from './methods-of.ts';

export type ThreadData = { readonly directory: string; readonly role: 'writer' | 'reader' };
export type ThreadMessage = { readonly connect: MessagePort } | { readonly close: true };

const { directory, role } = workerData as ThreadData;
const db = openDatabase(directory, role);
const methods = storeMethods(db);

parentPort?.on('message', (message: ThreadMessage) => {
  if ('connect' in message) return answerCalls(message.connect, methods);
  db.close();
  process.exit();
});
parentPort?.postMessage('open');
