import { createHash } from 'node:crypto';
import { Router } from 'express';
import { type Html, html, ourOwn, textOf } from '../contracts/html.js';
import { type Documented, docsSections } from './docs_page.js';
import { openApi } from './openapi.js';

export interface DocumentationPorts extends Documented {
  /** What `/` links to beside the documentation; null shows no start page, as in production. */
  readonly start: readonly { readonly href: string; readonly title: string; readonly text: string }[] | null;
}

const STYLE = `
  :root { color-scheme: light dark; }
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 0 auto; padding: 1rem; }
  table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 1rem; }
  th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.5rem; border-bottom: 1px solid #8886; }
  tr:target { background: #fd06; }
  pre { overflow-x: auto; padding: 0.75rem; background: #8882; }
  code { font-size: 0.95em; overflow-wrap: anywhere; }
  section { border-top: 1px solid #8886; margin-top: 1rem; }
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** `/docs`, `/openapi.json` and, in development, `/`. Rendered once: nothing in them changes while the process lives. */
export function documentationRouter(ports: DocumentationPorts): Router {
  const router = Router();
  const document = JSON.stringify(openApi(ports.routes, ports));
  const docs = page('Guichet merchant API', docsSections(ports));
  router.get('/openapi.json', (_request, response) => {
    response.type('application/json').send(document);
  });
  const show = (path: string, content: string): void => {
    router.get(path, (_request, response) => {
      response.set('content-security-policy', POLICY).type('html').send(content);
    });
  };
  show('/docs', docs);
  if (ports.start !== null) show('/', page('Guichet', startPage(ports.start)));
  return router;
}

function startPage(links: NonNullable<DocumentationPorts['start']>): Html {
  return html`<h1>Guichet</h1>
    <p>A payment orchestrator, running in development with demo objects: the key <code>sk_test_demo</code> works.</p>
    <ul>${links.map(({ href, title, text }) => html`<li><a href="${href}">${title}</a>: ${text}</li>`)}</ul>`;
}

function page(title: string, content: Html): string {
  const style = ourOwn(`<style>${STYLE}</style>`);
  return textOf(html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>${style}</head>
<body>${content}</body>
</html>`);
}
