const EXTENSION = /(\.csv\.gz|\.csv|\.xlsx)$/i;

/** The name, or the name with ` (2)`, ` (3)` … before its extension: the first that is not taken. */
export function freeName(name: string, taken: (candidate: string) => boolean): string {
  const extension = EXTENSION.exec(name)?.[0] ?? '';
  const stem = name.slice(0, name.length - extension.length);
  let candidate = name;
  for (let n = 2; taken(candidate); n++) candidate = `${stem} (${n})${extension}`;
  return candidate;
}
