import { request as open } from 'node:http';
import { Router } from 'express';
import type { Log } from '../../contracts/log.js';

/** Only what the issuer's pages need goes through, in both directions: no cookie of ours, none of theirs. */
const FORWARDED = ['content-type', 'content-length', 'accept', 'accept-language', 'user-agent'] as const;
const RETURNED = [
  'content-type',
  'content-length',
  'content-security-policy',
  'cache-control',
  'referrer-policy',
  'x-content-type-options',
  'x-frame-options',
] as const;
const BODY_BYTES_MAX = 65_536;
const TIMEOUT_MS = 10_000;

/**
 * `/sandbox/acs/…`: the issuer's pages of the sandbox, which itself listens on loopback only, for browsers that are
 * elsewhere. Nothing else of the sandbox can be reached through it.
 */
export function sandboxFront(ports: { url: () => string; log: Log }): Router {
  const router = Router({ caseSensitive: true });
  router.all('/sandbox/acs/:page', (request, response) => {
    const { page } = request.params;
    const isFine = /^[a-z]{1,20}$/.test(String(page)) && (request.method === 'GET' || request.method === 'POST');
    if (!isFine || Number(request.headers['content-length'] ?? 0) > BODY_BYTES_MAX) {
      response.status(isFine ? 413 : 404).end();
      return;
    }
    const headers = Object.fromEntries(
      FORWARDED.flatMap((name) => (request.headers[name] === undefined ? [] : [[name, request.headers[name]]])),
    );
    const query = request.originalUrl.split('?')[1];
    const target = `${ports.url()}/acs/${page}${query === undefined ? '' : `?${query}`}`;
    const sent = open(target, { method: request.method, headers, timeout: TIMEOUT_MS }, (answer) => {
      response.status(answer.statusCode ?? 502);
      for (const name of RETURNED) {
        const value = answer.headers[name];
        if (value !== undefined) response.setHeader(name, value);
      }
      answer.pipe(response);
    });
    sent.on('timeout', () => sent.destroy(new Error('the sandbox does not answer')));
    sent.on('error', (error) => {
      ports.log.warn('a page of the sandbox could not be fetched', { error });
      if (response.headersSent) response.destroy();
      else response.status(502).end();
    });
    request.pipe(sent);
  });
  return router;
}
