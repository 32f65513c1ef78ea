import { SshReader, sshStrings, stringsIn, unlessTruncated } from './ssh-wire.ts';

/** An OpenSSH certificate (PROTOCOL.certkeys) as it says of itself; nothing in it has been verified. */
export type Certificate = {
  /** The certified key: its type and its RFC 4253 wire form. */
  readonly type: string;
  readonly key: Buffer;
  readonly serial: bigint;
  /** Users log in with it; others are for hosts. */
  readonly forUsers: boolean;
  /** What the authority calls it: `ssh-keygen -I`. */
  readonly id: string;
  readonly principals: readonly string[];
  /** Seconds since 1970: valid from the first until just before the second. */
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  readonly criticalOptions: ReadonlyMap<string, Buffer>;
  /** The key that signed it, in RFC 4253 wire form. */
  readonly authority: Buffer;
  /** What was signed, and the signature (RFC 4253, 6.6). */
  readonly signed: Buffer;
  readonly signature: Buffer;
};

export const CERTIFICATE_SUFFIX = '-cert-v01@openssh.com';

const CERTIFICATE_LINE = /^\s*[a-z0-9-]+-cert-v01@openssh\.com\s+([A-Za-z0-9+/]+=*)/;
const FOR_USERS = 1; // SSH2_CERT_TYPE_USER

/** How many strings a key of a type consists of, after the type. */
const KEY_FIELDS = new Map([
  ['ssh-ed25519', 1],
  ['ecdsa-sha2-nistp256', 2],
  ['ecdsa-sha2-nistp384', 2],
  ['ecdsa-sha2-nistp521', 2],
  ['ssh-rsa', 2],
]);

/** The certificate in its wire form; undefined when it is none, is of another type of key, or is damaged. */
export function parseCertificate(blob: Buffer): Certificate | undefined {
  return unlessTruncated(() => readCertificate(blob));
}

/** The certificate in a file as `ssh-keygen -s` writes it. */
export function certificateIn(text: string): Certificate | undefined {
  const base64 = CERTIFICATE_LINE.exec(text)?.[1];
  return base64 === undefined ? undefined : parseCertificate(Buffer.from(base64, 'base64'));
}

/** The text that a critical option's data is; undefined when it is anything but one string. */
export function optionValue(data: Uint8Array): string | undefined {
  const values = unlessTruncated(() => stringsIn(data));
  return values?.length === 1 ? values[0]?.toString() : undefined;
}

function readCertificate(blob: Buffer): Certificate | undefined {
  const reader = new SshReader(blob);
  const name = reader.string().toString();
  const type = name.slice(0, -CERTIFICATE_SUFFIX.length);
  const fields = KEY_FIELDS.get(type);
  if (fields === undefined || !name.endsWith(CERTIFICATE_SUFFIX)) return undefined;
  reader.string(); // nonce
  const key = sshStrings(Buffer.from(type), ...Array.from({ length: fields }, () => reader.string()));
  const serial = reader.uint64();
  const forUsers = reader.uint32() === FOR_USERS;
  const id = reader.string().toString();
  const principals = stringsIn(reader.string()).map(String);
  const validAfter = reader.uint64();
  const validBefore = reader.uint64();
  const criticalOptions = readOptions(reader.string());
  const extensions = readOptions(reader.string()); // pty, forwarding: nothing that there is here
  reader.string(); // reserved
  const authority = reader.string();
  const signed = blob.subarray(0, reader.at);
  const signature = reader.string();
  if (!reader.atEnd || !criticalOptions || !extensions) return undefined;
  const said = { type, key, serial, forUsers, id, principals, validAfter, validBefore, criticalOptions };
  return { ...said, authority, signed, signature };
}

/** Names with their data; undefined when a name is there twice. */
function readOptions(bytes: Buffer): ReadonlyMap<string, Buffer> | undefined {
  const options = new Map<string, Buffer>();
  for (const reader = new SshReader(bytes); !reader.atEnd; ) {
    const name = reader.string().toString();
    if (options.has(name)) return undefined;
    options.set(name, reader.string());
  }
  return options;
}
