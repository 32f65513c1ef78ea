import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import wabt from 'wabt';

const FOLDER = new URL('../../../../src/sftp/transport/ssh2/', import.meta.url);

test.each(['chacha20', 'poly1305'])('%s.wasm is what its text says', async (name) => {
  const text = readFileSync(new URL(`${name}.wat`, FOLDER), 'utf8');
  const { buffer } = (await wabt()).parseWat(`${name}.wat`, text).toBinary({});
  expect(readFileSync(new URL(`${name}.wasm`, FOLDER))).toEqual(Buffer.from(buffer));
});
