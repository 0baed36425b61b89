import type { IncomingMessage, ServerResponse } from 'node:http';
import { Router } from 'express';
import type { TvDesk } from '../contracts/television.js';
import { addressOf } from './authenticate.js';
import { readJson } from './body.js';
import { mounted } from './mounted.js';
import type { ApiPorts } from './ports.js';
import type { Described } from './route.js';
import { type Box, type Opener, openingRoute, televisionRoutes } from './routes/televisions.js';
import { type Admit, createServe, refuseUnexpectedBody } from './serve.js';
import type { SignedReader } from './signed.js';

export interface TelevisionApi {
  readonly routes: readonly Described[];
  readonly router: Router;
}

/** What boxes ask. `closing` ends what waits. */
export function createTelevisionApi(
  ports: ApiPorts,
  desk: TvDesk,
  read: SignedReader,
  closing: AbortSignal,
): TelevisionApi {
  const { trustedProxies } = ports;
  const endOf = createEnds(closing);

  /** A middleware for any of its boxes, or a box for itself. */
  const admitOpener: Admit<Opener> = async (request, route) => {
    refuseUnexpectedBody(request, route);
    const { by, body } = await read(request);
    return { caller: { ...by, address: addressOf(request, trustedProxies) }, body };
  };

  /** Whoever has the token: it stands in the path, and leads nowhere or to one session. */
  const admitBox: Admit<Box> = async (request, route, response) => {
    refuseUnexpectedBody(request, route);
    const body = route.body === null ? undefined : await readJson(request);
    return { caller: { over: endOf(response) }, body };
  };

  const opening = [openingRoute(desk)];
  const boxes = televisionRoutes(desk);
  const router = Router({ caseSensitive: true, strict: true });
  router.use(mounted(opening, createServe(ports, admitOpener)));
  router.use(mounted(boxes, createServe(ports, admitBox)));
  return { routes: [...opening, ...boxes], router };
}

/** Signals that are aborted once an answer is written, its connection is gone, or the process is asked to stop. */
function createEnds(closing: AbortSignal): (response: ServerResponse<IncomingMessage>) => AbortSignal {
  const open = new Set<AbortController>();
  // One listener for all: ten thousand boxes wait at once.
  closing.addEventListener('abort', () => {
    for (const one of open) one.abort();
  });
  return (response) => {
    const ended = new AbortController();
    if (closing.aborted) ended.abort();
    open.add(ended);
    response.once('close', () => {
      open.delete(ended);
      ended.abort();
    });
    return ended.signal;
  };
}
