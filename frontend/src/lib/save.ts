/** Files that the viewer takes along: tables as CSV, JSON or Parquet, pictures as SVG or PNG. Loaded when the first one is. */
import { call } from './api/client';
import { columnNames, toCsv, toJson, type Figures, type TableFormat } from './chart/table';

/** A name that every file system takes. */
export const fileName = (title: string, extension: string): string =>
  `${title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')}.${extension}`;

export function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has the data by then; the address would hold it for as long as the page lives.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The figures of a card. Parquet is written by the service. @throws {ApiError} when it does not answer */
export async function saveFigures(title: string, figures: Figures, format: TableFormat): Promise<void> {
  const name = fileName(title, format);
  switch (format) {
    case 'csv':
      // With a byte order mark, without which Excel takes UTF-8 for the code page of the machine.
      return saveBlob(new Blob(['\uFEFF', toCsv(figures)], { type: 'text/csv;charset=utf-8' }), name);
    case 'json':
      return saveBlob(new Blob([toJson(figures)], { type: 'application/json' }), name);
    case 'parquet': {
      const { columns, rows } = figures;
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ columns: columnNames(columns), rows });
      return saveBlob(await (await call('/api/export/table', { method: 'POST', headers, body })).blob(), name);
    }
  }
}

/** A file that the service makes, under the name that it gives. @throws {ApiError} when it does not answer */
export async function saveExport(path: string): Promise<void> {
  const response = await call(path);
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  saveBlob(await response.blob(), name ?? 'export');
}

/** A picture that is drawn as one; every other card is drawn as it stands. */
export async function saveSvg(title: string, card: HTMLElement): Promise<void> {
  const drawn = card.querySelector<SVGElement>('[data-plot] svg');
  const svg = drawn ? (drawn.cloneNode(true) as SVGElement) : await drawCard(card);
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('font-family', 'Inter, ui-sans-serif, system-ui, sans-serif');
  const text = new XMLSerializer().serializeToString(svg);
  saveBlob(new Blob([text], { type: 'image/svg+xml' }), fileName(title, 'svg'));
}

/** What is marked `data-no-picture` stays out of pictures. */
const inPicture = (node: Node): boolean => !(node instanceof HTMLElement && 'noPicture' in node.dataset);

async function drawCard(card: HTMLElement): Promise<SVGElement> {
  const { domToForeignObjectSvg } = await import('modern-screenshot');
  return domToForeignObjectSvg(card, { filter: inPicture });
}

/** The card as it stands on the page, twice as fine. @throws when the browser cannot draw it */
export async function savePng(title: string, card: HTMLElement): Promise<void> {
  const { domToBlob } = await import('modern-screenshot');
  const blob = await domToBlob(card, {
    scale: 2,
    type: 'image/png',
    filter: inPicture,
  });
  saveBlob(blob, fileName(title, 'png'));
}
