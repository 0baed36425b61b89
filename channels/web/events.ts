import type { Request, Response } from 'express';
import { setCommonHeaders } from './headers.js';
import type { WebPorts } from './ports.js';
import { queryOf } from './requests.js';

/** A comment at least this often keeps proxies from closing a silent stream. */
const HEARTBEAT_MS = 15_000;
/** Heartbeats before the stream ends and the browser asks anew: five minutes. */
const HEARTBEATS_MAX = 20;
/**
 * Streams of this process: on one link, of one network address, and together. One who opens too many gets none and asks
 * every ten seconds instead; nobody can use up what is there for all.
 */
const PER_LINK_MAX = 8;
const PER_CALLER_MAX = 20;
const STREAMS_MAX = 2_000;

/** Server-sent events: one `changed` when the payment is no longer what the page shows, then the stream is over. */
export function createEventStreams({ counter, publicUrl, closing }: WebPorts) {
  const isHttps = publicUrl.startsWith('https:');
  const perLink = createTally(PER_LINK_MAX);
  const perCaller = createTally(PER_CALLER_MAX);
  const stops = new Set<() => void>();
  const stopAll = (): void => {
    for (const stop of stops) stop();
  };
  closing?.addEventListener('abort', stopAll, { once: true });

  /** Whether there is room, taken if so. */
  function admits(token: string, caller: string): boolean {
    if (closing?.aborted === true) return false;
    if (!perLink.hasRoom(token) || !perCaller.hasRoom(caller) || stops.size >= STREAMS_MAX) return false;
    perLink.add(token);
    perCaller.add(caller);
    return true;
  }

  async function follow(response: Response, token: string, version: number, closed: Promise<void>): Promise<void> {
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
    const asked = queryOf(request, 'version') ?? '';
    const version = /^\d{1,9}$/.test(asked) ? Number(asked) : 0;
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const caller = request.ip ?? '';
    if (!admits(token, caller)) {
      // 204 is how an EventSource is told not to come again.
      response.status(204).end();
      return;
    }
    let stop = (): void => undefined;
    // Of this stream alone: what waits for a promise that lives as long as the process is never forgotten.
    const closed = new Promise<void>((resolve) => {
      stop = resolve;
    });
    stops.add(stop);
    try {
      response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
      response.setHeader('X-Accel-Buffering', 'no');
      response.write('retry: 2000\n\n');
      await follow(response, token, version, closed);
    } finally {
      stops.delete(stop);
      perLink.remove(token);
      perCaller.remove(caller);
      response.end();
    }
  };
}

/** How many are open under each name. A name with none is forgotten. */
function createTally(most: number) {
  const counts = new Map<string, number>();
  return {
    hasRoom: (name: string): boolean => (counts.get(name) ?? 0) < most,
    add(name: string): void {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    remove(name: string): void {
      const left = (counts.get(name) ?? 0) - 1;
      if (left > 0) counts.set(name, left);
      else counts.delete(name);
    },
  };
}
