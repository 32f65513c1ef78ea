import type { RowError } from './import.ts';
import type { Verdict } from './rejection-codes.ts';

const MESSAGES: Readonly<Record<Verdict, string>> = {
  file_rejected:
    'the row is good, but others of this file are not, and this account imports whole files only: correct those and drop the file again',
  cancelled:
    'the import was cancelled before this row: nothing was bought for it; drop the row again if it is still wanted',
};

/** The reason of a good row that a verdict on its import keeps from becoming a policy. */
export function verdictError(verdict: Verdict): RowError {
  return { code: verdict, column: '', value: '', message: MESSAGES[verdict] };
}
