import type { Response } from 'express';

export interface Policy {
  /** Allows our own script and the merchant's colour on this one page. */
  readonly nonce: string;
  /** Origins beside our own that a form of this page posts to. */
  readonly formOrigins?: readonly string[];
  /** Origins that a frame of this page may show; our own comes with the first. */
  readonly frameOrigins?: readonly string[];
  /** True for the one answer that is shown in a frame of our own page: the end of a device check. */
  readonly framed?: boolean;
  readonly isHttps: boolean;
}

/** The headers of every page: nothing is loaded from elsewhere, nothing is kept, nobody frames it, no address leaks. */
export function setPageHeaders(response: Response, policy: Policy): void {
  setCommonHeaders(response, policy.isHttps);
  response.setHeader('Content-Security-Policy', contentPolicy(policy));
  response.setHeader('X-Frame-Options', policy.framed === true ? 'SAMEORIGIN' : 'DENY');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Permissions-Policy', PERMISSIONS);
}

/** For every answer, whatever it carries. */
export function setCommonHeaders(response: Response, isHttps: boolean): void {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  if (isHttps) response.setHeader('Strict-Transport-Security', 'max-age=63072000; includeSubDomains');
}

function contentPolicy({ nonce, formOrigins = [], frameOrigins = [], framed }: Policy): string {
  const directives = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    ["form-action 'self'", ...formOrigins].join(' '),
    frameOrigins.length === 0 ? "frame-src 'none'" : ["frame-src 'self'", ...frameOrigins].join(' '),
    `frame-ancestors ${framed === true ? "'self'" : "'none'"}`,
    "base-uri 'none'",
  ];
  return directives.join('; ');
}

const PERMISSIONS = 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()';
