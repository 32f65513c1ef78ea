/** What came of a case: `✓` or `✗`, perhaps with a word, or why the client cannot do it. */
type Cell = string | { readonly not: string };

/** Clients × cases, as Markdown; what was not run has its reason below. */
export class Table {
  readonly #cases: readonly string[];
  readonly #rows = new Map<string, { version: string; cells: Map<string, Cell> }>();
  readonly #reasons: string[] = [];

  constructor(cases: readonly string[]) {
    this.#cases = cases;
  }

  row(client: string, version: string, missing: string | false): void {
    this.#rows.set(client, { version, cells: new Map() });
    if (missing) this.#reasons.push(`${client}: ${missing}`);
  }

  set(client: string, what: string, cell: Cell): void {
    this.#rows.get(client)?.cells.set(what, cell);
    if (typeof cell !== 'string') this.#reasons.push(`${client}, ${what}: ${cell.not}`);
  }

  toString(): string {
    const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
    const rows = [...this.#rows].map(([client, { version, cells }]) => {
      const shown = this.#cases
        .map((what) => cells.get(what))
        .map((cell) => (typeof cell === 'string' ? cell : '—'));
      return line([client, version, ...shown]);
    });
    const head = ['client', 'version', ...this.#cases];
    const table = [line(head), line(head.map(() => '---')), ...rows];
    return [...table, '', ...this.#reasons.map((reason) => `- ${reason}`)].join('\n');
  }
}
