/**
 * Where a payer may be sent back to. An origin is `https://shop.example` (with a port if need be), an app's own scheme
 * (`myshop:`), or for demo merchants plain http on loopback.
 */

/** Schemes that run, read or carry something themselves: never a way back to an app. */
const UNSAFE_SCHEMES = new Set([
  'about:',
  'blob:',
  'content:',
  'data:',
  'file:',
  'filesystem:',
  'ftp:',
  'http:',
  'https:',
  'intent:',
  'jar:',
  'javascript:',
  'mailto:',
  'sms:',
  'tel:',
  'vbscript:',
  'view-source:',
  'ws:',
  'wss:',
]);

const ORIGIN_LENGTH_MAX = 255;

/** The origin as it is stored, or null for what may not be one. `loopback` allows `http://localhost:3000` and its like. */
export function normalOrigin(text: string, loopback: boolean): string | null {
  if (text.length > ORIGIN_LENGTH_MAX) return null;
  const scheme = /^([a-z][a-z0-9+.-]{1,62}:)(?:\/\/)?$/i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined) return UNSAFE_SCHEMES.has(scheme) ? null : scheme;
  const url = parsed(text);
  if (url === null || `${url.pathname}${url.search}${url.hash}${url.username}${url.password}` !== '/') return null;
  return isWeb(url, loopback) ? url.origin : null;
}

/**
 * Whether `address` lies on one of the origins; the parser has already unmasked tricks with users, slashes and dots.
 * With `loopback` any http address of this machine does.
 */
export function isOnOrigin(address: string, origins: readonly string[], loopback: boolean): boolean {
  const url = parsed(address);
  if (url === null || url.username !== '' || url.password !== '') return false;
  // A demo shop runs on whatever port of this machine is free.
  if (url.protocol === 'http:') return isWeb(url, loopback);
  if (url.protocol === 'https:') return origins.includes(url.origin);
  return !UNSAFE_SCHEMES.has(url.protocol) && origins.includes(url.protocol);
}

function parsed(text: string): URL | null {
  // The parser drops tabs and line ends without a word: what needs that is no address.
  return /[\s\\\p{Cc}]/u.test(text) || !URL.canParse(text) ? null : new URL(text);
}

function isWeb(url: URL, loopback: boolean): boolean {
  if (url.protocol === 'https:') return true;
  return loopback && url.protocol === 'http:' && isLoopbackHost(url.hostname);
}

function isLoopbackHost(host: string): boolean {
  return /^(?:127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/.test(host);
}
