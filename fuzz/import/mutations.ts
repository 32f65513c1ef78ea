import type { Random } from '../random.ts';

const TOKENS = [
  '"',
  '""',
  ',',
  ';',
  '\t',
  '|',
  '\n',
  '\r',
  '\r\n',
  '\0',
  ' ',
  '\ufeff',
  '=',
  '_',
  '.',
  '__proto__',
  'ü',
  '\ud83d',
  'x',
];
const LONG_RUN = 200_000; // bytes
const MOST_CHANGES = 6;

/** The bytes with a few changes of all kinds. */
export function mutated(random: Random, bytes: Buffer): Buffer {
  let changed = bytes;
  for (let i = random.below(MOST_CHANGES); i >= 0; i--) changed = random.pick(CHANGES)(random, changed);
  return changed;
}

type Change = (random: Random, bytes: Buffer) => Buffer;

const flip: Change = (random, bytes) => {
  const copy = Buffer.from(bytes);
  for (let i = random.below(8); i >= 0 && copy.length > 0; i--)
    copy[random.below(copy.length)] = random.uint32();
  return copy;
};

const insert: Change = (random, bytes) => spliced(bytes, random.below(bytes.length + 1), 0, token(random));

/** A token wherever another stands. */
const replaceAll: Change = (random, bytes) => {
  const text = bytes.toString('latin1').replaceAll(random.pick(TOKENS), () => random.pick(TOKENS));
  return Buffer.from(text.slice(0, 2 * bytes.length + LONG_RUN), 'latin1');
};

const run: Change = (random, bytes) => {
  const one = token(random);
  const times = 1 + random.below(random.chance(0.1) ? LONG_RUN : 100);
  return spliced(
    bytes,
    random.below(bytes.length + 1),
    0,
    Buffer.concat(new Array(times).fill(one)).subarray(0, LONG_RUN),
  );
};

const remove: Change = (random, bytes) =>
  spliced(bytes, random.below(bytes.length + 1), random.below(200), Buffer.alloc(0));

const repeat: Change = (random, bytes) => {
  const from = random.below(bytes.length + 1);
  const part = bytes.subarray(from, from + random.below(400));
  return spliced(
    bytes,
    from,
    0,
    Buffer.concat(new Array(1 + random.below(50)).fill(part)).subarray(0, LONG_RUN),
  );
};

const cut: Change = (random, bytes) => bytes.subarray(0, random.below(bytes.length + 1));

const CHANGES: readonly Change[] = [flip, insert, insert, replaceAll, run, remove, repeat, cut];

function token(random: Random): Buffer {
  return random.chance(0.1) ? random.bytes(1 + random.below(20)) : Buffer.from(random.pick(TOKENS));
}

function spliced(bytes: Buffer, at: number, removed: number, added: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
}
