import { request } from 'node:https';
import type { Clock } from '../contracts/clock.js';
import type { AgentFor } from './agents.js';
import { wordOf } from './failures.js';
import { checkUrl } from './url_rules.js';

/** What is asked for at an address that somebody else chose. */
export interface Wanted {
  readonly url: string;
  /** Media types, as `accept` wants them. What comes is for the caller to recognise. */
  readonly accept: string;
  /** One byte more and nothing is taken. */
  readonly bytesMax: number;
  /** From the look-up of the name to the last byte. */
  readonly timeoutMs: number;
}

/** All of it, or a stable word for why not. */
export type Fetched = { readonly bytes: Buffer } | { readonly error: string };

export type Fetch = (wanted: Wanted) => Promise<Fetched>;

const OK = 200;

/**
 * Gets what lies at a public https address, once: no redirect is followed, nothing beyond the bounds is read, and it never throws.
 * Where it may go is what webhooks may: see `url_rules.ts` and `agents.ts`.
 */
export function createFetch(agents: AgentFor, clock: Clock): Fetch {
  return async (wanted) => {
    let url: URL;
    try {
      url = checkUrl(wanted.url, false);
    } catch {
      return { error: 'url_not_allowed' };
    }
    const agent = agents(url, false);
    if (agent === null) return { error: 'address_not_allowed' };
    return new Promise((resolve) => {
      const { accept, bytesMax, timeoutMs } = wanted;
      const chunks: Buffer[] = [];
      let length = 0;

      const end = (result: Fetched): void => {
        cancelDeadline();
        asking.destroy();
        resolve(result);
      };

      const asking = request(url, { agent, headers: { accept, 'user-agent': 'Guichet' } });
      const cancelDeadline = clock.at(clock.now() + timeoutMs, () => end({ error: 'timeout' }));
      asking.on('error', (error: NodeJS.ErrnoException) => end({ error: wordOf(error) }));
      asking.on('close', () => end({ error: 'connection_lost' }));
      asking.on('response', (response) => {
        if (response.statusCode !== OK) return end({ error: `http_${response.statusCode}` });
        response.on('data', (chunk: Buffer) => {
          length += chunk.length;
          if (length > bytesMax) end({ error: 'too_large' });
          else chunks.push(chunk);
        });
        response.on('end', () => end({ bytes: Buffer.concat(chunks) }));
        response.on('error', () => end({ error: 'connection_lost' }));
      });
      asking.end();
    });
  };
}
