import PDFDocument from 'pdfkit';
import { inLetters } from './letters.js';
import { COLOURS, CONTENT_WIDTH, FONTS, PAGE, type FontName } from './theme.js';

/**
 * The page that a report is drawn on: text set in Inter, boxes and rules, with a place (`y`) that moves down and a new page
 * when what comes does not fit. Units are points, from the top left.
 */
export interface TextStyle {
  readonly font?: FontName;
  readonly size?: number;
  readonly colour?: string;
  readonly width?: number;
  readonly align?: 'left' | 'right' | 'center';
}

export class Paper {
  readonly doc: PDFKit.PDFDocument;
  y: number = PAGE.margin;
  readonly #chunks: Buffer[] = [];
  readonly #ended: Promise<Buffer>;

  constructor(info: { readonly title: string; readonly createdAtMs: number }) {
    this.doc = new PDFDocument({
      size: 'A4',
      margin: 0,
      bufferPages: true,
      autoFirstPage: false,
      font: FONTS.regular,
      lang: 'en-GB',
      displayTitle: true,
      pdfVersion: '1.7',
      info: { Title: info.title, Author: 'PassportX Analytics', CreationDate: new Date(info.createdAtMs) },
    });
    for (const [name, file] of Object.entries(FONTS)) this.doc.registerFont(name, file);
    this.doc.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
    this.#ended = new Promise((resolve, reject) => {
      this.doc.on('end', () => resolve(Buffer.concat(this.#chunks)));
      this.doc.on('error', reject);
    });
  }

  newPage(background: string = COLOURS.card): void {
    this.doc.addPage();
    this.doc.rect(0, 0, PAGE.width, PAGE.height).fill(background);
    this.y = PAGE.margin;
  }

  /** Begins a new page unless so much is left on this one. */
  need(height: number): void {
    if (this.y + height > PAGE.height - PAGE.footer) this.newPage();
  }

  /** One line; what does not fit into `width` ends in an ellipsis. */
  text(said: string, x: number, y: number, style: TextStyle = {}): void {
    const text = inLetters(said);
    const { font = 'regular', size = 9, colour = COLOURS.ink, width = CONTENT_WIDTH, align = 'left' } = style;
    this.doc.font(font).fontSize(size).fillColor(colour);
    this.doc.text(this.#fitted(text, width), x, y, { width: width + 1, align, lineBreak: false });
  }

  /** Lines as they come. @returns the height that they took */
  paragraph(said: string, x: number, y: number, style: TextStyle = {}): number {
    const text = inLetters(said);
    const { font = 'regular', size = 9, colour = COLOURS.ink2, width = CONTENT_WIDTH } = style;
    this.doc.font(font).fontSize(size).fillColor(colour);
    this.doc.text(text, x, y, { width, lineGap: 2.5 });
    return this.doc.heightOfString(text, { width, lineGap: 2.5 });
  }

  widthOf(text: string, { font = 'regular', size = 9 }: TextStyle = {}): number {
    return this.doc.font(font).fontSize(size).widthOfString(inLetters(text));
  }

  rule(x: number, y: number, width: number, colour: string = COLOURS.line): void {
    this.doc
      .lineWidth(0.6)
      .strokeColor(colour)
      .moveTo(x, y)
      .lineTo(x + width, y)
      .stroke();
  }

  card(x: number, y: number, width: number, height: number, fill: string = COLOURS.card): void {
    this.doc.lineWidth(0.8).roundedRect(x, y, width, height, 8).fillAndStroke(fill, COLOURS.line);
  }

  /** Draws on every page but the first, with its number. */
  onEachPage(draw: (page: number, pages: number) => void): void {
    const { count } = this.doc.bufferedPageRange();
    for (let index = 1; index < count; index += 1) {
      this.doc.switchToPage(index);
      draw(index + 1, count);
    }
  }

  /** The whole file. */
  end(): Promise<Buffer> {
    this.doc.end();
    return this.#ended;
  }

  #fitted(text: string, width: number): string {
    if (this.doc.widthOfString(text) <= width) return text;
    const characters = [...text];
    while (characters.length > 0 && this.doc.widthOfString(`${characters.join('')}…`) > width) characters.pop();
    return `${characters.join('')}…`;
  }
}
