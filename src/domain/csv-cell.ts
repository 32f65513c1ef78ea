const NEEDS_QUOTES = /[",;\t|\r\n]|^ | $/;
const FORMULA = /^[=+\-@\t\r]/;

/** A cell as it is written, in quotes. */
export function quotedCell(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/**
 * A cell of a file that people open in a spreadsheet: one that would be taken for a formula begins with an
 * apostrophe (OWASP, CSV injection).
 */
export function spreadsheetCell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(harmless) ? quotedCell(harmless) : harmless;
}
