/** Files that the viewer takes along: tables as CSV, pictures as SVG or PNG. Nothing leaves the machine. */
import { toCsv, type Figures } from './chart/table';

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

export function saveCsv(title: string, figures: Figures): void {
  // With a byte order mark, without which Excel takes UTF-8 for the code page of the machine.
  saveBlob(new Blob(['\uFEFF', toCsv(figures)], { type: 'text/csv;charset=utf-8' }), fileName(title, 'csv'));
}

export function saveSvg(title: string, svg: string): void {
  saveBlob(new Blob([svg], { type: 'image/svg+xml' }), fileName(title, 'svg'));
}

/** The card as it stands on the page, twice as fine. What is marked `data-no-picture` stays out. @throws when the browser cannot draw it */
export async function savePng(title: string, card: HTMLElement): Promise<void> {
  const { domToBlob } = await import('modern-screenshot');
  const blob = await domToBlob(card, {
    scale: 2,
    type: 'image/png',
    filter: (node) => !(node instanceof HTMLElement && 'noPicture' in node.dataset),
  });
  saveBlob(blob, fileName(title, 'png'));
}
