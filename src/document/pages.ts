// The page of every certificate: a band of the product's colour, the insurer, the title, texts, a table, and a footer on each page.
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import type { Sheet } from './sheet.ts';

type Page = InstanceType<typeof PDFDocument>;

const MARGIN = 62; // points, of which an inch has 72
const WIDTH = 595.28 - 2 * MARGIN; // A4
const FOOTER = 96; // left free below the text
const LABELS = 0.42; // of the table's width
const INK = '#1c2330';
const GREY = '#5c6675';
const HAIRLINE = '#d9dee5';

const require = createRequire(import.meta.url);
const FONTS = {
  text: require.resolve('@expo-google-fonts/roboto/400Regular/Roboto_400Regular.ttf'),
  strong: require.resolve('@expo-google-fonts/roboto/500Medium/Roboto_500Medium.ttf'),
};

/** Draws a certificate; the same sheet gives the same bytes. */
export function drawPages(sheet: Sheet): Promise<Uint8Array> {
  const page = new PDFDocument({
    size: 'A4',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: FOOTER },
    bufferPages: true,
    lang: sheet.language,
    displayTitle: true,
    font: FONTS.text,
    info: {
      Title: sheet.title,
      Author: sheet.insurer,
      CreationDate: sheet.issued_at,
      ModDate: sheet.issued_at,
    },
  });
  page.registerFont('text', FONTS.text).registerFont('strong', FONTS.strong);
  const bytes = bytesOf(page);
  drawHead(page, sheet);
  for (const paragraph of sheet.paragraphs) drawParagraph(page, paragraph);
  drawTable(page, sheet);
  for (const paragraph of sheet.closing) drawParagraph(page, paragraph);
  drawOnEveryPage(page, sheet);
  page.end();
  return bytes;
}

async function bytesOf(page: Page): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of page) parts.push(part as Uint8Array);
  return Buffer.concat(parts);
}

function drawHead(page: Page, { insurer, title, colour }: Sheet): void {
  page.font('strong').fontSize(10).fillColor(colour).text(insurer, MARGIN, MARGIN);
  page.moveDown(1.6);
  page.font('strong').fontSize(25).fillColor(INK).text(title, { lineGap: 2 });
  page.moveDown(0.7);
}

function drawParagraph(page: Page, text: string): void {
  page.font('text').fontSize(10.5).fillColor(INK).text(text, MARGIN, page.y, { width: WIDTH, lineGap: 3.5 });
  page.moveDown(0.75);
}

function drawTable(page: Page, { lines, colour }: Sheet): void {
  if (lines.length === 0) return;
  page.moveDown(0.4);
  rule(page, colour, 1.2);
  for (const { label, value } of lines) {
    const labelWidth = WIDTH * LABELS - 12;
    const valueWidth = WIDTH * (1 - LABELS);
    const height = Math.max(
      page.font('text').fontSize(10).heightOfString(label, { width: labelWidth }),
      page.font('strong').heightOfString(value, { width: valueWidth }),
    );
    if (page.y + height + 14 > page.page.height - FOOTER) page.addPage();
    const top = page.y + 7;
    page.font('text').fillColor(GREY).text(label, MARGIN, top, { width: labelWidth });
    page
      .font('strong')
      .fillColor(INK)
      .text(value, MARGIN + WIDTH * LABELS, top, { width: valueWidth });
    page.y = top + height + 7;
    rule(page, HAIRLINE, 0.6);
  }
  page.x = MARGIN;
  page.moveDown(1.4);
}

function rule(page: Page, colour: string, width: number): void {
  page
    .moveTo(MARGIN, page.y)
    .lineTo(MARGIN + WIDTH, page.y)
    .lineWidth(width)
    .strokeColor(colour)
    .stroke();
}

function drawOnEveryPage(page: Page, { footer, colour, mark }: Sheet): void {
  const { start, count } = page.bufferedPageRange();
  for (let number = start; number < start + count; number++) {
    page.switchToPage(number);
    page.page.margins.bottom = 0; // what stands below the margin would begin a new page
    const { width, height } = page.page;
    page.rect(0, 0, width, 9).fill(colour);
    page.y = height - 66;
    rule(page, HAIRLINE, 0.6);
    page.font('text').fontSize(8).fillColor(GREY);
    page.text(footer, MARGIN, height - 56, { width: WIDTH - 50, lineGap: 2 });
    if (count > 1) {
      page.text(`${number + 1} / ${count}`, MARGIN + WIDTH - 45, height - 56, { width: 45, align: 'right' });
    }
    if (mark !== undefined) drawMark(page, mark, colour);
  }
}

function drawMark(page: Page, mark: string, colour: string): void {
  const { width, height } = page.page;
  page.save().rotate(-35, { origin: [width / 2, height / 2] });
  page.font('strong').fontSize(92).fillColor(colour).fillOpacity(0.09);
  page.text(mark, 0, height / 2 - 50, { width, align: 'center', lineBreak: false });
  page.restore();
}
