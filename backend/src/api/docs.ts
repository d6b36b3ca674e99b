import { static as serveStatic, type RequestHandler } from 'express';
import swaggerDirectory from 'swagger-ui-dist/absolute-path.js';
import { openApiDocument } from './openapi.js';
import { route, type Route } from './route.js';

/** The OpenAPI document, and a page that shows it with what is in `node_modules`: no inline script, no other host. */
export const DOCS_ASSETS = '/api/docs/assets';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>PassportX Analytics API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${DOCS_ASSETS}/swagger-ui.css">
</head>
<body>
<main id="api"></main>
<script src="${DOCS_ASSETS}/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null });
`;

/** @param documented the routes that the document shows, to which these add themselves. */
export function docsRoutes(documented: readonly Route[]): Route[] {
  const common = { method: 'get', access: 'open', tag: 'operation' } as const;
  const routes: Route[] = [
    route({
      ...common,
      path: '/api/openapi.json',
      summary: 'This document',
      outcomes: { 200: { description: 'OpenAPI 3.1', type: 'application/json' } },
      handle: () => ({ status: 200, body: document }),
    }),
    route({
      ...common,
      path: '/api/docs',
      summary: 'A page that shows this document',
      outcomes: { 200: { description: 'A page', type: 'text/html' } },
      handle: () => ({ status: 200, type: 'text/html; charset=utf-8', body: PAGE }),
    }),
    route({
      ...common,
      path: '/api/docs/start.js',
      summary: 'The script of that page',
      outcomes: { 200: { description: 'A script', type: 'text/javascript' } },
      handle: () => ({ status: 200, type: 'text/javascript; charset=utf-8', body: START }),
    }),
  ];
  const document = JSON.stringify(openApiDocument([...documented, ...routes]));
  return routes;
}

export function docsAssets(): RequestHandler {
  return serveStatic(swaggerDirectory(), { index: false, redirect: false, maxAge: '1d' });
}
