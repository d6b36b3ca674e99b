import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { Providers } from '../components/shell/Providers';
import { Shell } from '../components/shell/Shell';
import { themeScript } from '../lib/theme';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Overview · PassportX Analytics', template: '%s · PassportX Analytics' },
  description: 'Badges, communities and people of PassportX, live and exact',
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f7f7f5' },
    { media: '(prefers-color-scheme: dark)', color: '#0f1014' },
  ],
};

export default function RootLayout({ children }: { readonly children: ReactNode }) {
  return (
    // The script below sets data-theme before React looks; that difference is meant.
    <html lang="en" suppressHydrationWarning>
      <head>
        <script dangerouslySetInnerHTML={{ __html: themeScript }} />
      </head>
      <body>
        <Providers>
          <Shell>{children}</Shell>
        </Providers>
      </body>
    </html>
  );
}
