// The one door to ssh2, and the room of everything that reaches into its private parts: what 1.17.0 does not do right is
// replaced before the rest of it is loaded. A changed ssh2 is refused at start.
import { createRequire } from 'node:module';
import { loadChaCha20Poly1305 } from './chacha20-poly1305.ts';
import { checkConnection } from './check.ts';
import { HYBRID } from './hybrid.ts';
import { type Kex, replaceKeyExchange } from './negotiation.ts';
import { type PacketCrypto, replaceCiphers } from './packets.ts';
import { fillWithPadding } from './padding.ts';
import { changed, type Protocol } from './private-parts.ts';

const VERSION = '1.17.0';

const require = createRequire(import.meta.url);

if (require('ssh2/package.json').version !== VERSION) throw changed(`it is not version ${VERSION}`);
if (require.resolve('ssh2/lib/protocol/Protocol.js') in require.cache)
  throw changed('it was loaded by somebody else before');
replaceCiphers(loadCiphers(), loadChaCha20Poly1305());
addMethod(require('ssh2/lib/protocol/constants.js'));
replaceKeyExchange(require('ssh2/lib/protocol/kex.js') as Kex);
keepFirstLine(require('ssh2/lib/protocol/Protocol.js'));

/** ssh2 as it is used here. */
export const ssh2: typeof import('ssh2') = require('ssh2');

try {
  await checkConnection(ssh2, generateKeyPair('check').private);
} catch (error) {
  throw changed(`a connection with it fails: ${(error as Error).message}`, error);
}

/** A fresh Ed25519 key pair in OpenSSH's form. One in some three hundred that ssh2 1.17.0 makes cannot be read; those are passed over. */
export function generateKeyPair(comment: string): { private: string; public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment });
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}

function addMethod({ SUPPORTED_KEX }: { SUPPORTED_KEX?: string[] }): void {
  if (SUPPORTED_KEX?.includes(HYBRID) !== false) throw changed(`it has ${HYBRID} already`);
  SUPPORTED_KEX.push(HYBRID);
}

/** ssh2's ciphers keep what they find in node:crypto when they are loaded; nobody else sees the stand-in. */
function loadCiphers(): PacketCrypto {
  const crypto: { randomFillSync: unknown } = require('node:crypto');
  const property = Object.getOwnPropertyDescriptor(crypto, 'randomFillSync') ?? {};
  let taken = false;
  const get = () => {
    taken = true;
    return fillWithPadding;
  };
  Object.defineProperty(crypto, 'randomFillSync', { get, configurable: true, enumerable: true });
  const ciphers: PacketCrypto = require('ssh2/lib/protocol/crypto.js');
  Object.defineProperty(crypto, 'randomFillSync', property);
  if (!taken) throw changed('its ciphers take padding from elsewhere');
  return ciphers;
}

/** Until a client's first line is whole, ssh2 keeps the first piece of it in `_buffer`, and only that one. */
function keepFirstLine({ prototype }: { prototype: Protocol }): void {
  const { parse } = prototype;
  prototype.parse = function (chunk, start, end) {
    const before = this._decipher === undefined ? this._buffer : undefined;
    if (!before) return parse.call(this, chunk, start, end);
    const line = Buffer.concat([before, chunk.subarray(start, end)]);
    this._buffer = undefined;
    parse.call(this, line, 0, line.length);
  };
}
