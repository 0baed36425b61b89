import { type RequestHandler, Router } from 'express';
import type { Route } from './route.js';
import type { Serve } from './serve.js';

const VERBS = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const;

/** Calls as express takes them. */
export function mounted<Who>(routes: readonly Route<Who>[], serve: Serve<Who>): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const route of routes) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    const handle: RequestHandler = (request, response) => {
      void serve(route, request, response, textParams(request.params));
    };
    router.route(path)[VERBS[route.method]](handle);
  }
  return router;
}

function textParams(params: Readonly<Record<string, string | string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
}
