// The key that every other secret of an installation hangs on. It stands in the data directory, made at first use, or
// comes from the environment where a secret store keeps it; what is needed is derived from it, one key for each purpose.
import { hkdfSync, randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { ok, type Result, refused } from '../domain/refusal.ts';

const FILE_NAME = 'master.key';
const BYTES = 32;
const OTHERS = 0o077; // mode bits of the group and of everybody

/** What a derived key is for; two purposes never share one. */
export type KeyPurpose = 'webhook-secrets' | 'quote-tokens' | 'document-links';

/** The 32 bytes written in base64, as `openssl rand -base64 32` does. */
export function masterKeyIn(text: string): Result<Uint8Array, 'invalid_master_key'> {
  const bytes = /^[A-Za-z0-9+/]{43}=\n?$/.test(text) ? Buffer.from(text, 'base64') : undefined;
  return bytes?.length === BYTES
    ? ok(new Uint8Array(bytes))
    : refused('invalid_master_key', 'must be 32 bytes in base64, as "openssl rand -base64 32" prints them');
}

/** The installation's master key, made when there is none; throws as `findMasterKey` does. */
export function loadMasterKey(directory: string, given?: Uint8Array): Uint8Array {
  return findMasterKey(directory, given) ?? make(directory);
}

/**
 * The installation's master key: `given`, or that of the data directory; undefined when there is none. Throws when the file
 * holds none or others can read it: such a file is left as it is, and never replaced.
 */
export function findMasterKey(directory: string, given?: Uint8Array): Uint8Array | undefined {
  return given ?? existing(directory);
}

/** 32 bytes for one purpose, by HKDF-SHA256 (RFC 5869). */
export function deriveKey(master: Uint8Array, purpose: KeyPurpose): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', master, '', `policydrop ${purpose}`, BYTES));
}

function existing(directory: string): Uint8Array | undefined {
  const file = join(directory, FILE_NAME);
  const descriptor = openIfThere(file);
  if (descriptor === undefined) return undefined;
  try {
    const mode = fstatSync(descriptor).mode & 0o777;
    if ((mode & OTHERS) !== 0) {
      throw new Error(
        `${file} can be read or changed by others (mode ${mode.toString(8)}). Run: chmod 600 ${file}`,
      );
    }
    const key = masterKeyIn(readFileSync(descriptor, 'latin1'));
    if (!key.ok) {
      throw new Error(
        `${file} is no master key: it ${key.message}. Put it back from the backup; what is encrypted with it can be read with no other key.`,
      );
    }
    return key.value;
  } finally {
    closeSync(descriptor);
  }
}

function openIfThere(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole and durable under its name, or not there at all; of processes that make it at once one wins, for all of them. */
function make(directory: string): Uint8Array {
  const file = join(directory, FILE_NAME);
  const temporary = `${file}.${randomBytes(8).toString('hex')}`;
  const descriptor = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(descriptor, `${randomBytes(BYTES).toString('base64')}\n`);
    fsyncSync(descriptor);
    linkUnlessThere(temporary, file);
  } finally {
    closeSync(descriptor);
    rmSync(temporary);
  }
  syncDirectory(directory);
  return existing(directory) as Uint8Array;
}

/** A hard link, unlike a rename, never takes the place of what is there. */
function linkUnlessThere(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
