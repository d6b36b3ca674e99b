import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { static as serveStatic, Router } from 'express';
import { notFound } from './problem.js';
import { contentPolicy } from './policy.js';

/**
 * Serves the exported dashboard. A page may run its own inline scripts and no others: their hashes are taken from the
 * files when the service starts, so a page that was changed afterwards does not run until the next start.
 */
export function dashboard(directory: string): Router {
  const router = Router();
  const pages = new Map(
    htmlFiles(directory).map((file) => [file, contentPolicy(inlineScriptHashes(readFileSync(file, 'utf8')))]),
  );
  const assets = join(directory, '_next', 'static') + sep;
  router.use(
    serveStatic(directory, {
      cacheControl: false,
      setHeaders: (response, file) => {
        const policy = pages.get(file);
        if (policy !== undefined) response.setHeader('Content-Security-Policy', policy);
        // Next names what lies there by its content; all else may change with the next build.
        response.setHeader(
          'Cache-Control',
          file.startsWith(assets) ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    }),
  );
  const missing = join(directory, '404.html');
  router.use((request, response) => {
    if (!pages.has(missing) || (request.method !== 'GET' && request.method !== 'HEAD'))
      throw notFound(`There is nothing at ${request.path}.`);
    response.setHeader('Content-Security-Policy', pages.get(missing) ?? '');
    response.status(404).setHeader('Cache-Control', 'no-cache').sendFile(missing);
  });
  return router;
}

/** `'sha256-…'` of each script that stands in the page itself (CSP 3, section 6.7.3.3). */
export function inlineScriptHashes(html: string): string[] {
  const scripts = [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)];
  const inline = scripts
    .filter(([, attributes]) => !/\ssrc\s*=/i.test(attributes ?? ''))
    .map(([, , text]) => text ?? '');
  return [...new Set(inline.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`))];
}

function htmlFiles(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.html'))
    .map((name) => join(directory, name));
}
