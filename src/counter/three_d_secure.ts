import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authenticator } from '../contracts/authentication.js';
import type { Engine } from '../contracts/engine.js';
import type { Log } from '../contracts/log.js';

/** An RReq with every optional field and extension stays well below. */
const BODY_BYTES_MAX = 65_536;

/**
 * `POST /3ds/results/{payment}`: where the directory server says how a challenge ended (RReq), which decides. Who may say
 * so is known by the message's own signature, read by the authenticator. 200 also for what is no longer awaited, or the
 * sender would repeat it; 400 for what is no result. Mount it before any body parser.
 */
export function createThreeDSecureResults(ports: {
  authenticator: Pick<Authenticator, 'readResult'>;
  engine: Pick<Engine, 'authenticated'>;
  log: Log;
}): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { authenticator, engine, log } = ports;

  /** The status to answer with. */
  async function take(request: IncomingMessage): Promise<number> {
    const payment = /\/3ds\/results\/([\w-]{1,64})\/?(?:\?|$)/.exec(pathOf(request))?.[1];
    const text = await bodyOf(request);
    if (text === null) return 413;
    const result = authenticator.readResult(parsed(text));
    if (result === null || payment === undefined) return 400;
    try {
      await engine.authenticated(result.authentication, payment, result.answer);
      return 200;
    } catch (error) {
      log.error('a result of an authentication was not taken', { payment, error });
      return 503;
    }
  }

  return async (request, response) => {
    if (request.method !== 'POST') return end(response, 405, { Allow: 'POST' });
    const status = await take(request);
    end(response, status, status === 413 ? { Connection: 'close' } : {});
  };
}

function end(response: ServerResponse, status: number, headers: Record<string, string>): void {
  const common = {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  };
  response.writeHead(status, { ...common, ...headers }).end('{}');
}

/** Under express the path without the mount is in `url`, the whole in `originalUrl`. */
function pathOf(request: IncomingMessage): string {
  const whole: unknown = Reflect.get(request, 'originalUrl');
  return typeof whole === 'string' ? whole : (request.url ?? '');
}

/** The body as text; null when it is longer than a result can be, or breaks off. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // The connection stays open after a body that is too long, so that its sender can be told.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      const bytes = Buffer.from(chunk);
      length += bytes.length;
      if (length > BODY_BYTES_MAX) return null;
      chunks.push(bytes);
    }
  } catch {
    // The sender went away: there is nobody to answer.
    return null;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: not a result either.
    return null;
  }
}
