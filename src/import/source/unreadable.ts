import type { RejectionCode } from '../../domain/rejection-codes.ts';

/** The file as a whole cannot be read; what the partner is told. Thrown inside this folder, caught at its door. */
export class Unreadable extends Error {
  readonly code: RejectionCode;
  constructor(code: RejectionCode, message: string) {
    super(message);
    this.code = code;
  }
}
