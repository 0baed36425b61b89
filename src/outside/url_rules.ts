import { isIP } from 'node:net';
import { Problem } from '../contracts/errors.js';

const URL_LENGTH_MAX = 2_048;
/** Names that never lead to the public internet (RFC 6761, RFC 6762, RFC 8375, and what ICANN has set aside). */
const PRIVATE_SUFFIXES = ['.localhost', '.local', '.internal', '.home.arpa', '.intranet', '.lan', '.test', '.invalid'];
/** What `URL` makes of the loopback hosts that a demo merchant may use. */
const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The address of an endpoint, if we may post there; asked when it is set and again before every send.
 *
 * Outside there is `https` only, without user name or password, to a host that has a public name (certificates are made out to
 * names, and an address as a number has many spellings), on port 443 or from 1024 up: the ports below belong to other
 * services, and we do not knock there for anybody. Where the name leads is checked at each connection, by `agents.ts`.
 * A demo merchant in development may also use loopback, with or without TLS.
 * @throws Problem 422 `url_not_allowed`
 */
export function checkUrl(text: string, loopbackAllowed: boolean): URL {
  if (text.length > URL_LENGTH_MAX) throw refused(`must be at most ${URL_LENGTH_MAX} characters long`);
  if (!URL.canParse(text)) throw refused('is not an absolute URL');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') throw refused('must not hold a user name or password');
  url.hash = '';
  if (loopbackAllowed && isLoopbackUrl(url)) return url;
  if (url.protocol !== 'https:') throw refused('must begin with https://');
  if (url.port !== '' && Number(url.port) < 1_024) throw refused('must use port 443 or one from 1024 to 65535');
  if (!isPublicName(url.hostname)) throw refused('must name a public host');
  return url;
}

/** True for `http` or `https` to this machine by one of its three plain names. */
export function isLoopbackUrl(url: URL): boolean {
  return /^https?:$/.test(url.protocol) && LOOPBACK_HOSTS.includes(url.hostname);
}

function isPublicName(hostname: string): boolean {
  const name = hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
  // URL has already turned 2130706433, 0x7f.1 and 0177.0.0.1 into 127.0.0.1; IPv6 stands in brackets.
  if (name.startsWith('[') || isIP(name) !== 0) return false;
  return name.includes('.') && !PRIVATE_SUFFIXES.some((suffix) => name.endsWith(suffix));
}

function refused(detail: string): Problem {
  const words = `The URL ${detail}.`;
  return new Problem(422, 'url_not_allowed', words, {
    errors: [{ pointer: '/url', code: 'url_not_allowed', detail: words }],
  });
}
