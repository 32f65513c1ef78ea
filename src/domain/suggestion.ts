const ELEMENT_NUMBER = /\.\d+(?=\.|$)/g;

/**
 * The known name that `name` was probably meant to be: at most a third of its characters differ. `*` in a known
 * name stands for an element number, which is taken over from `name`.
 */
export function suggestion(name: string, known: Iterable<string>): string | undefined {
  const written = starred(name.toLowerCase());
  let best: string | undefined;
  let bestDistance = Math.floor(name.length / 3) + 1;
  for (const candidate of known) {
    const distance = editDistance(written, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  const meant = best === undefined ? undefined : withNumbersOf(name, best);
  return meant === name ? undefined : meant;
}

/** A column's name as a product lists it: with `*` for each element number. */
export function starred(name: string): string {
  return name.replace(ELEMENT_NUMBER, '.*');
}

function withNumbersOf(name: string, known: string): string {
  const numbers = name.match(ELEMENT_NUMBER) ?? [];
  let next = 0;
  return known.replace(/\.\*/g, () => numbers[next++] ?? '.0');
}

/** Levenshtein's distance between two texts, or `limit` when it is not below that. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(replaced, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
    }
    if (Math.min(...row) >= limit) return limit;
    above = row;
  }
  return above[b.length] ?? limit;
}
