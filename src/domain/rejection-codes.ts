/** Every reason why a row, or a file as a whole, cannot be taken; docs/errors.md says of each what to do. */
export const REJECTION_CODES = [
  // a field of a row
  'missing_field',
  'unknown_field',
  'invalid_type',
  'invalid_date',
  'invalid_email',
  'invalid_language',
  'invalid_value',
  'too_long',
  'contradiction',
  'not_insurable',
  // a row
  'missing_idempotency_key',
  'invalid_idempotency_key',
  'idempotency_conflict',
  'missing_integration',
  'unknown_integration',
  'wrong_column_count',
  'malformed_record',
  'too_large',
  'file_rejected',
  'cancelled',
  // a file
  'empty_file',
  'missing_column',
  'unknown_column',
  'duplicate_column',
  'invalid_encoding',
  'unsupported_format',
  'damaged_file',
  'cut_off',
] as const;

/** Why no further row of an import may become a policy, whatever is in it. */
export type Verdict = 'file_rejected' | 'cancelled';

export type RejectionCode = (typeof REJECTION_CODES)[number];
