import { describe, expect, test } from 'vitest';
import { addressFilter } from '../../src/webhooks/addresses.ts';

const FORBIDDEN = [
  ['this machine', '127.0.0.1'],
  ['all of loopback', '127.255.255.254'],
  ['unspecified', '0.0.0.0'],
  ['this network', '0.1.2.3'],
  ['private', '10.0.0.1'],
  ['private', '172.31.255.255'],
  ['private', '192.168.1.1'],
  ['shared by a provider’s customers', '100.64.0.1'],
  ['a cloud’s metadata', '169.254.169.254'],
  ['a cloud’s metadata (ECS)', '169.254.170.2'],
  ['a cloud’s metadata (Alibaba)', '100.100.100.200'],
  ['a cloud’s metadata (Oracle)', '192.0.0.192'],
  ['a cloud’s platform (Azure)', '168.63.129.16'],
  ['protocol assignments', '192.0.0.1'],
  ['NAT64 discovery', '192.0.0.170'],
  ['documentation', '192.0.2.1'],
  ['documentation', '198.51.100.7'],
  ['documentation', '203.0.113.255'],
  ['6to4 relays', '192.88.99.1'],
  ['AS112', '192.175.48.1'],
  ['AMT', '192.52.193.1'],
  ['benchmarking', '198.18.0.1'],
  ['multicast', '224.0.0.1'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['this machine', '::1'],
  ['unspecified', '::'],
  ['IPv4 in IPv6, mapped', '::ffff:127.0.0.1'],
  ['IPv4 in IPv6, mapped', '::ffff:a9fe:a9fe'],
  ['IPv4 in IPv6, compatible', '::127.0.0.1'],
  ['IPv4 in IPv6, translated', '::ffff:0:7f00:1'],
  ['IPv4 in IPv6, mapped metadata', '::ffff:169.254.169.254'],
  ['IPv4 in IPv6, mapped Azure', '::ffff:168.63.129.16'],
  ['NAT64 to this machine', '64:ff9b::7f00:1'],
  ['NAT64 to the public', '64:ff9b::808:808'],
  ['NAT64 of a network of its own', '64:ff9b:1::a00:1'],
  ['6to4 to this machine', '2002:7f00:1::'],
  ['6to4 to private', '2002:c0a8:101::1'],
  ['6to4 to metadata', '2002:a9fe:a9fe::'],
  ['Teredo', '2001::1'],
  ['benchmarking', '2001:2::1'],
  ['AMT', '2001:3::1'],
  ['AS112', '2001:4:112::1'],
  ['ORCHID', '2001:10::1'],
  ['ORCHID, version 2', '2001:20::1'],
  ['discard', '100::1'],
  ['segment routing', '5f00::1'],
  ['documentation', '3fff::1'],
  ['documentation', '2001:db8::1'],
  ['unique local', 'fd00::1'],
  ['a cloud’s metadata (AWS)', 'fd00:ec2::254'],
  ['a cloud’s metadata (Google)', 'fd20:ce::254'],
  ['link-local', 'fe80::1'],
  ['link-local with a zone', 'fe80::1%eth0'],
  ['site-local', 'fec0::1'],
  ['multicast', 'ff02::1'],
  ['not allocated to anybody', '4000::1'],
  ['no address', 'example.com'],
  ['octal', '0177.0.0.1'],
  ['hexadecimal', '0x7f000001'],
  ['one number', '2130706433'],
  ['a dot behind', '127.0.0.1.'],
  ['in brackets', '[::1]'],
  ['short', '127.1'],
  ['empty', ''],
] as const;

describe('without an allow list', () => {
  test.each(FORBIDDEN)('%s is refused: %s', (_what, address) => {
    expect(addressFilter([])(address)).toBe(false);
  });

  test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
    '%s may be reached',
    (address) => {
      expect(addressFilter([])(address)).toBe(true);
    },
  );
});

describe('with an allow list', () => {
  const isAllowed = addressFilter(['127.0.0.0/8', '10.1.0.0/16', 'fd00:1::/32']);

  test.each(['127.0.0.1', '::ffff:127.0.0.1', '10.1.255.1', 'fd00:1::5'])(
    '%s inside it may be reached',
    (address) => {
      expect(isAllowed(address)).toBe(true);
    },
  );

  test.each(['10.2.0.1', '::1', 'fd00:2::5', '169.254.169.254', 'fd00:1::5%eth0'])(
    '%s outside of it may not',
    (address) => {
      expect(isAllowed(address)).toBe(false);
    },
  );
});
