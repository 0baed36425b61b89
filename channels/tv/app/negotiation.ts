import type { IncomingHttpHeaders } from 'node:http';
import type { TvKey, TvKeyCode } from '../../../src/contracts/television.js';

const OF_BOXES = 'application/vnd.hbbtv.xhtml+xml';

/**
 * The page is the same well-formed XHTML for all. A box knows it as an HbbTV application; a browser, which says what it takes, would offer
 * to save that, and gets plain XHTML.
 */
export function contentTypeFor({ accept = '', 'user-agent': agent = '' }: IncomingHttpHeaders): string {
  const isBox = /\bHbbTV\//.test(agent) || accept.includes(OF_BOXES);
  const isBrowser = !isBox && accept.includes('application/xhtml+xml');
  return `${isBrowser ? 'application/xhtml+xml' : OF_BOXES};charset=utf-8`;
}

/** The codes of the settings that this box's make has, by code. */
export function keysFor(codes: readonly TvKeyCode[], agent = ''): Readonly<Record<string, TvKey>> {
  const own = codes.filter(({ make }) => make === null || agent.toLowerCase().includes(make.toLowerCase()));
  // What is said of one make counts for more than what is said of all.
  const ordered = own.toSorted((a, b) => Number(a.make !== null) - Number(b.make !== null));
  return Object.fromEntries(ordered.map(({ key, code }) => [String(code), key]));
}
