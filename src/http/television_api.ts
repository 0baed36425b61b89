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
    return { caller: { over: endOf(response, closing) }, body };
  };

  const opening = [openingRoute(desk)];
  const boxes = televisionRoutes(desk);
  const router = Router({ caseSensitive: true, strict: true });
  router.use(mounted(opening, createServe(ports, admitOpener)));
  router.use(mounted(boxes, createServe(ports, admitBox)));
  return { routes: [...opening, ...boxes], router };
}

/** Aborted once the answer is written, its connection is gone, or the process is asked to stop. */
function endOf(response: ServerResponse<IncomingMessage>, closing: AbortSignal): AbortSignal {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  if (closing.aborted) end();
  closing.addEventListener('abort', end, { once: true });
  response.once('close', () => {
    closing.removeEventListener('abort', end);
    end();
  });
  return ended.signal;
}
