import type { Refusal } from '../../domain/refusal.ts';
import type { DropRefusal } from '../../inbox/drop.ts';
import { packet, string, uint32 } from './wire.ts';

const SSH_FXP_STATUS = 101;
const ID_AT = 5; // behind length and type

/** The status codes of version 3; 6 and 7 are for clients only (draft-ietf-secsh-filexfer-02, 7). */
export const STATUS = {
  ok: 0,
  eof: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  badMessage: 5,
  unsupported: 8,
} as const;

type Code = (typeof STATUS)[keyof typeof STATUS];

const REFUSALS: Readonly<Record<DropRefusal, Code>> = {
  no_such_file: STATUS.noSuchFile,
  not_allowed: STATUS.permissionDenied,
  already_exists: STATUS.failure, // version 3 has no code of its own
  failed: STATUS.failure,
};

/** STATUS; the text is what people read in FileZilla and WinSCP. */
export function status(id: number, code: Code, text: string): Buffer {
  return packet(SSH_FXP_STATUS, uint32(id), uint32(code), string(text), string('en'));
}

export function refusal(id: number, { code, message }: Refusal<DropRefusal>): Buffer {
  return status(id, REFUSALS[code], message);
}

/** The same STATUS, also for further requests. */
export function repeated(answer: Buffer, ids: readonly number[]): Buffer {
  const copies = ids.map((id) => {
    const copy = Buffer.from(answer);
    copy.writeUInt32BE(id, ID_AT);
    return copy;
  });
  return Buffer.concat([answer, ...copies]);
}
