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
