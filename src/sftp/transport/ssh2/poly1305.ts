// ssh2's Poly1305 in WebAssembly, called without the copies that its own wrapper makes.
import { createRequire } from 'node:module';
import { LENGTH, LONGEST, TAG } from './cipher.ts';
import { changed } from './private-parts.ts';

const KEY = 32; // bytes

/** The tag of a packet, valid until the next call; of the key, the first 32 bytes are used. */
export type Poly1305 = (key: Buffer, length: Buffer, rest: Buffer) => Buffer;

type Module = {
  readonly HEAPU8: Uint8Array<ArrayBuffer>;
  _malloc(bytes: number): number;
  _poly1305_auth(tag: number, a: number, lengthOfA: number, b: number, lengthOfB: number, key: number): void;
};

const require = createRequire(import.meta.url);

// RFC 8439, 2.5.2
const KNOWN = {
  key: Buffer.from('85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b', 'hex'),
  text: Buffer.from('Cryptographic Forum Research Group'),
  tag: Buffer.from('a8061dc1305136c6c22b8baf0c0127a9', 'hex'),
};

/** Throws when it does not make the tag that it must. */
export async function loadPoly1305(): Promise<Poly1305> {
  const load: () => Promise<Module> = require('ssh2/lib/protocol/crypto/poly1305.js');
  const poly1305 = tagsOf(await load());
  const { key, text, tag } = KNOWN;
  try {
    if (poly1305(key, text.subarray(0, LENGTH), text.subarray(LENGTH)).equals(tag)) return poly1305;
  } catch {}
  throw changed('its Poly1305 is another');
}

function tagsOf(module: Module): Poly1305 {
  const at = module._malloc(TAG + KEY + LENGTH + LONGEST);
  const { buffer } = module.HEAPU8;
  const tag = Buffer.from(buffer, at, TAG);
  const key = Buffer.from(buffer, at + TAG, KEY);
  const packet = Buffer.from(buffer, at + TAG + KEY, LENGTH + LONGEST);
  return (stream, length, rest) => {
    key.set(stream.subarray(0, KEY));
    packet.set(length);
    packet.set(rest, LENGTH);
    module._poly1305_auth(
      tag.byteOffset,
      packet.byteOffset,
      0,
      packet.byteOffset,
      LENGTH + rest.length,
      key.byteOffset,
    );
    return tag;
  };
}
