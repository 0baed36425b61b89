/** What is read off addresses that settings give. */

/** Null for what is no address. */
export function urlOf(value: string): URL | null {
  return URL.canParse(value) ? new URL(value) : null;
}

/** The password in an address, which is a sandbox's credential; null when it is not percent-encoded text. */
export function passwordOf(address: string): string | null {
  return decoded(new URL(address).password);
}

/** The same for its user. */
export function userOf(address: string): string | null {
  return decoded(new URL(address).username);
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone percent sign, or bytes that are no UTF-8.
    return null;
  }
}

/** Whether only this machine can be meant by an address. The URL parser has already unmasked decimal and octal forms. */
export function isLoopback(address: string): boolean {
  const host = new URL(address).hostname.replace(/\.$/, '');
  return /^(?:127\.\d+\.\d+\.\d+|\[::1\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]|(?:.+\.)?localhost)$/.test(host);
}

/** Scheme, host and port, and nothing behind. */
export function isOrigin(value: string): boolean {
  const url = urlOf(value);
  return url !== null && `${url.pathname}${url.search}${url.hash}${url.username}${url.password}` === '/';
}

/** Where a process that listens on `host` is reached: on its own machine, or by the very address it listens on. */
export function originOf(host: string, port: number, by: 'loopback' | 'itself' = 'loopback'): string {
  const everywhere = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const reachable = by === 'loopback' ? everywhere : host;
  return new URL(`http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`).origin;
}
