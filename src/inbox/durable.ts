import { fsync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';

/** The file's bytes survive a power cut. */
export async function makeDurable(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** New names and renames in the directory survive a power cut. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Like `syncDirectory`, for a directory in which names are made all the time: it stays open as long as the process lives. */
export function directorySync(directory: string): () => Promise<void> {
  const descriptor = openSync(directory, 'r');
  return () => promisify(fsync)(descriptor);
}
