import { MAX_COLUMNS } from '../../header.ts';
import { MAX_RECORD_BYTES } from '../../reader.ts';
import { Unreadable } from '../unreadable.ts';
import { isoDateText, numberText } from './number-text.ts';
import { damaged } from './package.ts';
import type { SharedStrings } from './shared-strings.ts';
import { stringText } from './string-text.ts';
import type { NumberFormat } from './styles.ts';
import type { Attributes, XmlHandler } from './xml.ts';

/** `number` as the sheet counts its rows, from 1; `cells` as the text that a CSV would hold, without empty ones at the end. */
export type SheetRow = { readonly number: number; readonly cells: readonly string[] };

export const MAX_ROWS = 1_048_576; // of Excel

/** What the cells of a sheet refer to. */
type References = {
  readonly strings: SharedStrings;
  readonly formats: readonly NumberFormat[];
  readonly from1904: boolean;
};

const CELL = /^([A-Z]{1,3})([1-9]\d{0,6})$/;

/** Turns the XML of a sheet into rows. Rows and cells may do without their number: they follow the one before. */
export class SheetReader implements XmlHandler {
  private rows: SheetRow[] = [];
  private cells: string[] = [];
  private row = 0;
  private column = 0; // of the cell, from 1
  private length = 0; // characters of the row
  private type = '';
  private format: NumberFormat = { kind: 'number' };
  private content = '';
  private isContent = false;
  private phonetic = 0;
  private readonly references: References;

  constructor(references: References) {
    this.references = references;
  }

  /** The rows that were read since the last call. */
  take(): SheetRow[] {
    const rows = this.rows;
    this.rows = [];
    return rows;
  }

  open(name: string, attributes: Attributes): void {
    this.isContent = false;
    if (name === 'row') this.openRow(attributes['r']);
    else if (name === 'c') this.openCell(attributes);
    else if (name === 'rPh') this.phonetic++;
    else this.isContent = this.phonetic === 0 && (name === 'v' || name === 't');
  }

  text(text: string): void {
    if (this.isContent) this.content += text;
  }

  close(name: string): void {
    this.isContent = false;
    if (name === 'c') this.closeCell();
    else if (name === 'rPh') this.phonetic--;
    else if (name === 'row' && this.cells.length > 0) this.rows.push({ number: this.row, cells: this.cells });
  }

  private openRow(number: string | undefined): void {
    const row = number === undefined ? this.row + 1 : Number(number);
    if (!Number.isInteger(row) || row <= this.row) throw damaged(`row ${number} comes after row ${this.row}`);
    if (row > MAX_ROWS)
      throw new Unreadable('too_large', `The sheet has more than ${MAX_ROWS} rows: split it`);
    this.row = row;
    this.cells = [];
    this.column = 0;
    this.length = 0;
  }

  private openCell({ r: reference, s: style, t: type = 'n' }: Attributes): void {
    const column = reference === undefined ? this.column + 1 : columnOf(reference);
    if (column <= this.column) throw damaged(`cell ${reference} comes after one to the right of it`);
    this.column = column;
    this.type = type;
    this.format = this.references.formats[Number(style ?? 0)] ?? { kind: 'number' };
    this.content = '';
  }

  private closeCell(): void {
    const text = this.cellText();
    if (text === '') return;
    if (this.column > MAX_COLUMNS) {
      const message = `Cell ${this.column} of row ${this.row} holds something, and a row has at most ${MAX_COLUMNS} cells`;
      throw new Unreadable('too_large', message);
    }
    while (this.cells.length < this.column - 1) this.cells.push('');
    this.length += text.length;
    this.cells.push(this.length > 2 * MAX_RECORD_BYTES ? '' : text); // that row is refused in any case
  }

  private cellText(): string {
    const { strings, from1904 } = this.references;
    if (this.content === '') return '';
    switch (this.type) {
      case 's': {
        const text = strings(Number(this.content));
        if (text === undefined) throw damaged(`there is no text number ${this.content}`);
        return text;
      }
      case 'n':
        return numberText(this.content, this.format, from1904);
      case 'd':
        return isoDateText(this.content);
      case 'b':
      case 'e':
        return this.content;
      default:
        return stringText(this.content);
    }
  }
}

/** A is 1, Z is 26, AA is 27. */
function columnOf(reference: string): number {
  const [, letters] = CELL.exec(reference.replaceAll('$', '')) ?? [];
  if (letters === undefined) throw damaged(`${reference} is no cell`);
  return [...letters].reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0);
}
