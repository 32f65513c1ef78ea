import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseProxyHeader } from '../../../src/sftp/gate/proxy-protocol.ts';
import { proxyHeader } from './a-proxy-header.ts';

const IPV4 = proxyHeader();
const IPV6 = proxyHeader({
  family: 0x21,
  addresses: Buffer.from('20010db8000000000000000000000001fe800000000000000000000000000002', 'hex'),
});
const MAPPED = proxyHeader({
  family: 0x21,
  addresses: Buffer.from('00000000000000000000ffffc000020100000000000000000000ffff7f000001', 'hex'),
});
const TLVS = proxyHeader({ more: Buffer.from([0x04, 0, 3, 1, 2, 3, 0x20, 0, 1, 9]) });

describe('the client is the header’s source', () => {
  test.each([
    ['IPv4', IPV4, '192.0.2.1'],
    ['IPv6', IPV6, '2001:db8::1'],
    ['IPv4 within IPv6', MAPPED, '192.0.2.1'],
    ['IPv4 and TLVs', TLVS, '192.0.2.1'],
  ])('with %s', (_what, bytes, address) => {
    const whole = { state: 'whole', header: { of: 'client', address }, length: bytes.length };
    expect(parseProxyHeader(bytes)).toEqual(whole);
    expect(parseProxyHeader(Buffer.concat([bytes, Buffer.from('SSH-2.0-x\r\n')]))).toEqual(whole);
  });
});

test.each([
  ['LOCAL is the proxy’s own connection', proxyHeader({ command: 0 }), 'proxy'],
  ['LOCAL without addresses, too', proxyHeader({ command: 0, family: 0 }), 'proxy'],
  ['UNSPEC names nobody', proxyHeader({ family: 0 }), 'unknown'],
  ['UNIX names nobody', proxyHeader({ family: 0x31, addresses: Buffer.alloc(212) }), 'unknown'],
  ['UDP names nobody', proxyHeader({ family: 0x12 }), 'unknown'],
])('%s', (_what, bytes, of) => {
  expect(parseProxyHeader(bytes)).toEqual({ state: 'whole', header: { of }, length: bytes.length });
});

test.each([
  ['version 1', Buffer.from('PROXY TCP4 192.0.2.1 127.0.0.1 12345 22\r\n'), 'send-proxy-v2'],
  ['no header', Buffer.from('SSH-2.0-x\r\n'), 'there is none'],
  ['another version', proxyHeader({ version: 3 }), 'version 3'],
  ['another command', proxyHeader({ command: 2 }), 'command 2'],
  ['more than a header has', proxyHeader({ more: Buffer.alloc(4085) }), '4096 is the most'],
  ['too little for its addresses', proxyHeader({ addresses: Buffer.alloc(7) }), '11 bytes'],
  ['too little for IPv6', proxyHeader({ family: 0x21 }), '12 bytes'],
])('%s is refused', (_what, bytes, problem) => {
  expect(parseProxyHeader(bytes)).toEqual({ state: 'invalid', problem: expect.stringContaining(problem) });
});

test.each([IPV4, IPV6, TLVS, proxyHeader({ command: 0 })])(
  'cut at every byte it is partial, and what is missing leads to its end',
  (bytes) => {
    for (let length = 0; length < bytes.length; length++) {
      const parsed = parseProxyHeader(bytes.subarray(0, length));
      if (parsed.state !== 'partial') throw new Error(`${length} bytes are ${parsed.state}`);
      expect(parsed.missing).toBeGreaterThan(0);
      expect(length + parsed.missing).toBeLessThanOrEqual(bytes.length);
    }
  },
);

test('whatever comes is an answer: never an exception, and never more than the header asked for', () => {
  const header = fc.constantFrom(IPV4, IPV6, TLVS, proxyHeader({ family: 0 }));
  const mutations = fc.array(fc.tuple(fc.nat(70), fc.nat(255)), { maxLength: 6 });
  fc.assert(
    fc.property(
      header,
      mutations,
      fc.uint8Array({ maxLength: 64 }),
      fc.nat(120),
      (valid, changes, tail, cut) => {
        const bytes = Buffer.concat([valid, tail]);
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        const parsed = parseProxyHeader(bytes.subarray(0, cut));
        if (parsed.state === 'whole') expect(parsed.length).toBeLessThanOrEqual(cut);
        if (parsed.state === 'partial') expect(parsed.missing).toBeGreaterThan(0);
      },
    ),
    { numRuns: 20_000 },
  );
});
