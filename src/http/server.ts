import { createServer as createNodeServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import express, { type RequestHandler, type Router } from 'express';
import type { Clock } from '../contracts/clock.js';
import { Problem } from '../contracts/errors.js';
import type { Ids } from '../contracts/ids.js';
import type { Log } from '../contracts/log.js';
import { type Api, lastResort } from './api.js';
import { problemReply, securityHeaders, send } from './reply.js';
import type { Hot } from './serve.js';

export interface ServerPorts {
  /** Null where no merchant is met. */
  readonly api: Pick<Api, 'router'> | null;
  /** Asked in this order before express. */
  readonly hot: readonly Hot[];
  /** Mounted in this order after the API: pages, channels, operations, documentation. */
  readonly routers: readonly Router[];
  readonly publicUrl: string;
  readonly log: Log;
  readonly ids: Ids;
  readonly clock: Clock;
  /** Proxies of our own in front; 0 believes no forwarded header. */
  readonly trustedProxies: number;
}

export interface HttpServer {
  readonly server: Server;
  /** Listens and answers the port, which the system chooses for 0. */
  listen(port: number, host: string): Promise<number>;
  /** Takes nothing new, lets what is under way end, at most for `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** A whole request, its head, and a connection between two requests, in milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 65_000;
/**
 * Connections that wait while this process is busy; the system may bound it further. Beyond it they are dropped, and come again
 * after a second, then two, four: half a minute for a caller who waits for an answer.
 */
const BACKLOG = 4_096;
const HEAD_BYTES_MAX = 16_384;
const HEADERS_MAX = 100;
const REQUESTS_PER_CONNECTION_MAX = 100_000;
const DRAIN_LOOKS_EVERY_MS = 50;
/** A proxy may be writing on a connection that it has kept: for so long each is told to close by its next answer. */
const PROXIES_LEAVE_MS = 500;

/** The one HTTP server: the hottest routes first, then express for all others. */
export function createServer(ports: ServerPorts): HttpServer {
  const { hot, publicUrl, clock, trustedProxies } = ports;
  const app = createApp(ports);
  let isLeaving = false;
  const server = createNodeServer(
    { maxHeaderSize: HEAD_BYTES_MAX, requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS },
    (request: IncomingMessage, response: ServerResponse) => {
      if (isLeaving) response.setHeader('connection', 'close');
      if (!hot.some((takes) => takes(request, response))) app(request, response);
    },
  );
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.maxHeadersCount = HEADERS_MAX;
  server.maxRequestsPerSocket = REQUESTS_PER_CONNECTION_MAX;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return;
    socket.end(unreadable(error.code, publicUrl));
  });

  return {
    server,
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, BACKLOG, () => {
          server.off('error', reject);
          const address = server.address();
          resolve(typeof address === 'object' && address !== null ? address.port : port);
        });
      }),
    close: (graceMs) =>
      new Promise((resolve) => {
        const giveUpAt = clock.now() + graceMs;
        let stopTimer = (): void => undefined;
        isLeaving = true;
        const stopListening = (): void => {
          server.close(() => {
            stopTimer();
            resolve();
          });
          look();
        };
        // Connections that fall idle after their last answer are closed then, not at the end of their keep-alive.
        const look = (): void => {
          if (clock.now() >= giveUpAt) server.closeAllConnections();
          else server.closeIdleConnections();
          stopTimer = clock.at(clock.now() + DRAIN_LOOKS_EVERY_MS, look);
        };
        if (trustedProxies === 0) stopListening();
        else clock.at(clock.now() + PROXIES_LEAVE_MS, stopListening);
      }),
  };
}

function createApp(ports: ServerPorts): express.Express {
  const { api, routers, publicUrl, trustedProxies } = ports;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.set('query parser', false);
  app.set('trust proxy', trustedProxies === 0 ? false : trustedProxies);
  app.use(secured(publicUrl));
  if (api !== null) app.use(api.router);
  for (const router of routers) app.use(router);
  app.use(nothingHere(publicUrl));
  app.use(lastResort(ports));
  return app;
}

/** Strict headers on everything; a page that shows something sets a content policy of its own. */
function secured(publicUrl: string): RequestHandler {
  const headers = new Map(Object.entries(securityHeaders(publicUrl)));
  return (_request, response, next) => {
    response.setHeaders(headers);
    next();
  };
}

function nothingHere(publicUrl: string): RequestHandler {
  const fixed = securityHeaders(publicUrl);
  const reply = problemReply(new Problem(404, 'route_not_found', 'There is nothing at this path.'), publicUrl);
  return (_request, response) => send(response, reply, fixed);
}

/** What never became a request: answered on the bare socket, and closed. */
function unreadable(code: string | undefined, publicUrl: string): string {
  const isTooLarge = code === 'HPE_HEADER_OVERFLOW';
  const status = isTooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request';
  const head = Object.entries(securityHeaders(publicUrl)).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status}\r\n${head.join('')}connection: close\r\ncontent-length: 0\r\n\r\n`;
}
