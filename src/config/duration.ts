const FORM = /^(\d{1,7})(ms|s|m|h|d)$/; // as many days still end at an instant that a Date can hold
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `500ms`, `3s`, `15m`, `1h`, `2d` in ms; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit = ''] = FORM.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * (UNITS[unit] ?? 0);
}
