import { createRequire } from 'node:module';

/** The look of the dashboard's light theme, for paper: its colours, its type, and a page of A4 in points. */
export const COLOURS = {
  page: '#f7f7f5',
  card: '#ffffff',
  sunk: '#f1f1ee',
  line: '#e7e6e1',
  lineStrong: '#d5d4cd',
  ink: '#17181c',
  ink2: '#5c5f68',
  ink3: '#6a6d77',
  accent: '#5546ff',
  accentSoft: '#eeecff',
  up: '#067647',
  down: '#a63a1e',
  violet: '#5546ff',
  teal: '#009b84',
  amber: '#d08000',
  raspberry: '#d0187f',
  blue: '#5180d2',
  slate: '#8790a6',
} as const;

export const PAGE = { width: 595.28, height: 841.89, margin: 48, footer: 56 } as const;
export const CONTENT_WIDTH = PAGE.width - 2 * PAGE.margin;

const fontFile = (weight: string): string =>
  createRequire(import.meta.url).resolve(`@expo-google-fonts/inter/${weight}/Inter_${weight}.ttf`);

/** Inter, embedded: the report looks the same wherever it is opened. */
export const FONTS = {
  regular: fontFile('400Regular'),
  medium: fontFile('500Medium'),
  semibold: fontFile('600SemiBold'),
  bold: fontFile('700Bold'),
};
export type FontName = keyof typeof FONTS;
