import type { SpoolReader } from '../../inbox/spool.ts';

/** What a file is, by its bytes: its name may say otherwise. */
export type Format = 'text' | 'gzip' | 'workbook' | 'utf-16le' | 'utf-16be';

/** The first bytes of what can be read, and of what partners send in its place. */
const SIGNATURES: readonly {
  readonly bytes: readonly number[];
  readonly is: Format | { readonly foreign: string };
}[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], is: 'workbook' },
  { bytes: [0x1f, 0x8b], is: 'gzip' },
  { bytes: [0xff, 0xfe], is: 'utf-16le' },
  { bytes: [0xfe, 0xff], is: 'utf-16be' },
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0],
    is: { foreign: 'This is an old Excel workbook (.xls), or one that is protected by a password' },
  },
  { bytes: [0x25, 0x50, 0x44, 0x46], is: { foreign: 'This is a PDF document' } },
  { bytes: [0x50, 0x4b, 0x05, 0x06], is: { foreign: 'This is an empty ZIP archive' } },
];

const SAMPLE_BYTES = 1024; // of a header: in UTF-16 nearly every other byte of it is 0

/** What the file is; `foreign` says what it is when it cannot be read. */
export async function formatOf(file: SpoolReader): Promise<Format | { readonly foreign: string }> {
  const head = await file.read(0, SAMPLE_BYTES);
  const known = SIGNATURES.find(({ bytes }) => bytes.every((byte, i) => head[i] === byte));
  return known?.is ?? utf16Without(head) ?? 'text';
}

/** UTF-16 without a byte order mark: most characters of a header are ASCII, with a 0 before or behind. */
function utf16Without(head: Buffer): Format | undefined {
  const zeros = [0, 0];
  for (let i = 0; i < head.length; i++) if (head[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const many = head.length / 4;
  if (odd > many && even < odd / 4) return 'utf-16le';
  return even > many && odd < even / 4 ? 'utf-16be' : undefined;
}
