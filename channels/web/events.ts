import type { Request, Response } from 'express';
import { setCommonHeaders } from './headers.js';
import type { WebPorts } from './ports.js';
import { queryOf } from './requests.js';

/** A comment at least this often keeps proxies from closing a silent stream. */
const HEARTBEAT_MS = 15_000;
/** Heartbeats before the stream ends and the browser asks anew: five minutes. */
const HEARTBEATS_MAX = 20;
/** Streams of this process together. A browser that gets none asks every ten seconds instead. */
const STREAMS_MAX = 2_000;

/** Server-sent events: one `changed` when the payment is no longer what the page shows, then the stream is over. */
export function createEventStreams({ counter, publicUrl, closing }: WebPorts) {
  const isHttps = publicUrl.startsWith('https:');
  const closed = new Promise<void>((resolve) => closing?.addEventListener('abort', () => resolve(), { once: true }));
  let open = 0;

  async function follow(response: Response, token: string, version: number): Promise<void> {
    for (let heartbeat = 0; heartbeat < HEARTBEATS_MAX; heartbeat++) {
      await Promise.race([counter.watch(token, version, HEARTBEAT_MS), closed]);
      if (response.destroyed || closing?.aborted === true) return;
      const visit = await counter.visit(token, null);
      if (visit === null || visit.version > version) {
        response.write('event: changed\ndata: {}\n\n');
        return;
      }
      response.write(': still the same\n\n');
    }
  }

  return async (request: Request, response: Response, token: string): Promise<void> => {
    setCommonHeaders(response, isHttps);
    if (open >= STREAMS_MAX) {
      // 204 is how an EventSource is told not to come again.
      response.status(204).end();
      return;
    }
    const asked = queryOf(request, 'version') ?? '';
    const version = /^\d{1,9}$/.test(asked) ? Number(asked) : 0;
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    open += 1;
    try {
      response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
      response.setHeader('X-Accel-Buffering', 'no');
      response.write('retry: 2000\n\n');
      await follow(response, token, version);
    } finally {
      open -= 1;
      response.end();
    }
  };
}
