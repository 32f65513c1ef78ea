import { damaged, type Package } from './package.ts';
import { attribute, readXml } from './xml.ts';

/** How a number is shown, as far as it changes what a CSV would hold. */
export type NumberFormat =
  | { readonly kind: 'number' }
  | { readonly kind: 'padded'; readonly digits: number }
  | { readonly kind: 'date' | 'date_time' | 'time' };

const MAX_STYLES = 100_000; // Excel allows 65 490
const NUMBER: NumberFormat = { kind: 'number' };
const BUILT_IN: ReadonlyMap<number, NumberFormat> = new Map([
  ...[14, 15, 16, 17, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58].map(kindOf('date')),
  ...[18, 19, 20, 21, 32, 33, 45, 46, 47].map(kindOf('time')),
  ...[22].map(kindOf('date_time')),
]);

function kindOf(kind: 'date' | 'date_time' | 'time') {
  return (id: number) => [id, { kind }] as const;
}

/** The number formats of the cells' styles, by the number that a cell gives (ECMA-376 part 1, 18.8). Throws Unreadable. */
export async function readStyles(file: Package, part: string | undefined): Promise<readonly NumberFormat[]> {
  const custom = new Map<number, NumberFormat>();
  const styles: number[] = [];
  let ofCells = false;
  if (part === undefined) return [];
  await readXml(file.read(part), {
    open(name, attributes) {
      const id = Number(attribute(attributes, 'numFmtId') ?? 0);
      if (name === 'numFmt') custom.set(id, formatOf(attribute(attributes, 'formatCode') ?? ''));
      if (name === 'cellXfs') ofCells = true;
      if (name === 'xf' && ofCells) styles.push(id);
      if (styles.length > MAX_STYLES || custom.size > MAX_STYLES) throw damaged('it has too many styles');
    },
    close(name) {
      if (name === 'cellXfs') ofCells = false;
    },
  });
  return styles.map((id) => custom.get(id) ?? BUILT_IN.get(id) ?? NUMBER);
}

const LITERAL = /"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]/gi; // but [h] is a time that has passed

/** What a format code shows (ECMA-376 part 1, 18.8.31): letters outside of quotes, escapes and brackets count. */
export function formatOf(code: string): NumberFormat {
  const [first = ''] = code.replace(LITERAL, '').toLowerCase().split(';');
  if (/^0{2,}$/.test(first)) return { kind: 'padded', digits: first.length };
  if (first === 'general') return NUMBER;
  const hasTime = /[hs]/.test(first);
  const hasDate = /[yd]/.test(first) || (first.includes('m') && !hasTime);
  if (hasDate) return { kind: hasTime ? 'date_time' : 'date' };
  return hasTime ? { kind: 'time' } : NUMBER;
}
