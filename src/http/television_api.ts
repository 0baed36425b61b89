import type { IncomingMessage, ServerResponse } from 'node:http';
import { Router } from 'express';
import type { TvDesk } from '../contracts/television.js';
import { addressOf } from './authenticate.js';
import { readJson } from './body.js';
import { mounted } from './mounted.js';
import type { ApiPorts } from './ports.js';
import type { Described } from './route.js';
import { type Box, lookingRoute, type Opener, openingRoute, pressingRoute } from './routes/televisions.js';
import { type Admit, createServe, type Hot, refuseUnexpectedBody } from './serve.js';
import type { SignedReader } from './signed.js';

/** A token as we make them; whatever else stands there is express's. */
const LOOK = /^\/tv\/sessions\/([\w.-]{1,200})(?:\?|$)/;

export interface TelevisionApi {
  readonly routes: readonly Described[];
  /** Takes a look of a box, of which there are thousands in a second, before express; false leaves a request alone. */
  readonly hot: Hot;
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
    return { caller: { over: () => endOf(response) }, body };
  };

  const opening = [openingRoute(desk)];
  const looking = lookingRoute(desk);
  const boxes = [looking, pressingRoute(desk)];
  const serveBox = createServe(ports, admitBox);
  const hot: Hot = (request, response) => {
    const session = request.method === 'GET' ? LOOK.exec(request.url ?? '')?.[1] : undefined;
    if (session === undefined) return false;
    void serveBox(looking, request, response, { session });
    return true;
  };
  const router = Router({ caseSensitive: true, strict: true });
  router.use(mounted(opening, createServe(ports, admitOpener)));
  router.use(mounted(boxes, serveBox));
  return { routes: [...opening, ...boxes], hot, router };
}

/** Without a reason of ours, an error with its stack would be made for each. */
const GONE = 'gone';

/** Signals that are aborted once an answer is written, its connection is gone, or the process is asked to stop. */
function createEnds(closing: AbortSignal): (response: ServerResponse<IncomingMessage>) => AbortSignal {
  const open = new Set<AbortController>();
  // One listener for all: ten thousand boxes wait at once.
  closing.addEventListener('abort', () => {
    for (const one of open) one.abort(GONE);
  });
  return (response) => {
    const ended = new AbortController();
    if (closing.aborted) ended.abort(GONE);
    open.add(ended);
    response.once('close', () => {
      open.delete(ended);
      ended.abort(GONE);
    });
    return ended.signal;
  };
}
