import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { static as serveStatic, Router, type RequestHandler } from 'express';
import expressStaticGzip from 'express-static-gzip';
import { contentPolicy } from './policy.js';
import { notFound } from './problem.js';

/**
 * Serves the exported dashboard. A page may run its own inline scripts and no others: their hashes are taken from the
 * files when the service starts, so a page that was changed afterwards does not run until the next start.
 */
const MISSING_PAGE = '404.html';

export function dashboard(directory: string): Router {
  const root = resolve(directory);
  const policies = new Map(
    htmlFiles(root).map((file) => [file, contentPolicy(inlineScriptHashes(readFileSync(file, 'utf8')))]),
  );
  const router = Router();
  const assets = join(root, '_next', 'static');
  if (existsSync(assets)) router.use('/_next/static', compressedAssets(assets));
  router.use(
    serveStatic(root, {
      cacheControl: false,
      setHeaders: (response, file) => {
        const policy = policies.get(file);
        if (policy !== undefined) response.setHeader('Content-Security-Policy', policy);
        response.setHeader('Cache-Control', 'no-cache');
      },
    }),
  );
  router.use((request, response) => {
    if (policies.size === 0) throw notFound('The dashboard is not built: npm run build.');
    const policy = policies.get(join(root, MISSING_PAGE));
    if (policy === undefined || (request.method !== 'GET' && request.method !== 'HEAD'))
      throw notFound(`There is nothing at ${request.path}.`);
    response.status(404).set({ 'Content-Security-Policy': policy, 'Cache-Control': 'no-cache' });
    response.sendFile(MISSING_PAGE, { root });
  });
  return router;
}

/** Scripts and styles in the form that the build compressed, where the browser takes it. */
const compressedAssets = (directory: string): RequestHandler =>
  expressStaticGzip(directory, {
    enableBrotli: true,
    orderPreference: ['br'],
    index: false,
    serveStatic: {
      cacheControl: false,
      setHeaders: (response) => {
        // Next names what lies there by its content; all else may change with the next build.
        response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
      },
    },
  });

/** `'sha256-…'` of each script that stands in the page itself (CSP 3, section 6.7.3.3). */
export function inlineScriptHashes(html: string): string[] {
  const hashes = new Set<string>();
  for (const [, attributes, text] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi))
    if (!/\ssrc\s*=/i.test(attributes ?? ''))
      hashes.add(
        `'sha256-${createHash('sha256')
          .update(text ?? '')
          .digest('base64')}'`,
      );
  return [...hashes];
}

/** Absolute paths of the pages. */
function htmlFiles(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.html'))
    .map((name) => join(root, name));
}
