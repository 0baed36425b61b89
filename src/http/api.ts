import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorRequestHandler, RequestHandler, Router } from 'express';
import { Problem } from '../contracts/errors.js';
import { mounted } from './mounted.js';
import type { ApiPorts } from './ports.js';
import { failureOf, problemReply, securityHeaders, send } from './reply.js';
import type { Route } from './route.js';
import { commandRoutes } from './routes/commands.js';
import { endpointRoutes } from './routes/endpoints.js';
import { payerRoutes } from './routes/payers.js';
import { paymentRoutes } from './routes/payments.js';
import { reachRoutes } from './routes/reach.js';
import { readingRoutes } from './routes/reading.js';
import { admitByKey, createServe, type Hot } from './serve.js';
import { createTools } from './tools.js';

export interface Api {
  /** Every call of the merchant API, as data. */
  readonly routes: readonly Route[];
  /** Takes requests for the two hottest routes. */
  readonly hot: Hot;
  /** All routes, and a problem for whatever else is asked under `/v1`. */
  readonly router: Router;
}

/** The merchant API: one way from request to answer, entered through express or, where it is hottest, before it. */
export function createApi(ports: ApiPorts): Api {
  const tools = createTools(ports);
  const routes = [
    ...paymentRoutes(ports, tools),
    ...commandRoutes(ports, tools),
    ...reachRoutes(ports, tools),
    ...readingRoutes(ports, tools),
    ...payerRoutes(ports, tools),
    ...endpointRoutes(ports, tools),
  ];
  const serve = createServe(ports, admitByKey(ports));
  const create = named(routes, 'createPayment');
  const read = named(routes, 'readPayment');

  function hot(request: IncomingMessage, response: ServerResponse): boolean {
    const { method, url = '' } = request;
    if (method === 'POST' && url === '/v1/payments') {
      void serve(create, request, response, {});
      return true;
    }
    const id = method === 'GET' ? /^\/v1\/payments\/(pay_[A-Za-z0-9_-]{1,64})$/.exec(url)?.[1] : undefined;
    if (id === undefined) return false;
    void serve(read, request, response, { id });
    return true;
  }

  const router = mounted(routes, serve);
  router.use('/v1', otherwise(routes, ports.publicUrl));
  return { routes, hot, router };
}

function named(routes: readonly Route[], operationId: string): Route {
  const found = routes.find((route) => route.operationId === operationId);
  if (found === undefined) throw new Error(`no route is called ${operationId}`);
  return found;
}

/** 405 where the path is right and the method is not, else 404. */
function otherwise(routes: readonly Route[], publicUrl: string): RequestHandler {
  const patterns = routes.map(({ method, path }) => ({
    method,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));
  const fixed = securityHeaders(publicUrl);
  return (request, response) => {
    const path = request.originalUrl.split('?', 1)[0] ?? '';
    const methods = patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    if (methods.length === 0) {
      send(
        response,
        problemReply(new Problem(404, 'route_not_found', 'There is nothing at this path.'), publicUrl),
        fixed,
      );
      return;
    }
    const allow = [...new Set(methods)].join(', ');
    const problem = new Problem(405, 'method_not_allowed', `This path takes ${allow}.`);
    const reply = problemReply(problem, publicUrl);
    send(response, { ...reply, headers: { ...reply.headers, allow } }, fixed);
  };
}

/** What express itself stumbles over: a path that is no UTF-8 is the sender's fault, anything else ours. */
export function lastResort(ports: Pick<ApiPorts, 'publicUrl' | 'log' | 'ids'>): ErrorRequestHandler {
  const fixed = securityHeaders(ports.publicUrl);
  return (error: unknown, _request, response, _next) => {
    const isPath = error instanceof URIError || (error instanceof Error && 'status' in error && error.status === 400);
    const known = isPath ? new Problem(400, 'path_invalid', 'The path cannot be read.') : error;
    const trace = ports.ids.token(64);
    const failure = failureOf(known, ports.publicUrl, trace);
    if (failure.ours) ports.log.error('a request failed', { trace, error });
    send(response, failure.reply, fixed);
  };
}
