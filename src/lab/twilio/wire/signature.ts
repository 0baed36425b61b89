import { createHmac } from 'node:crypto';

/** Form parameters in their order; a name may come several times. */
export type Params = readonly [name: string, value: string][];

/**
 * `X-Twilio-Signature` of a form post: base64 HMAC-SHA-1 over the address and every name with its value, sorted by name.
 * A repeated name counts once with each of its different values, sorted.
 */
export function signatureOf(authToken: string, url: string, params: Params): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of params) values.set(name, (values.get(name) ?? new Set()).add(value));
  const names = [...values.keys()].sort();
  const told = names.flatMap((name) => [...(values.get(name) ?? [])].sort().map((value) => name + value));
  return createHmac('sha1', authToken)
    .update(url + told.join(''), 'utf8')
    .digest('base64');
}

/** What of an address is signed: no fragment, no name and password, and for voice over https no port. */
export function signedAddress(address: string, isVoice: boolean): string {
  const withoutFragment = address.replace(/#.*$/s, '');
  const withoutLogin = withoutFragment.replace(/^(https?:\/\/)[^/?#@]*@/i, '$1');
  return isVoice ? withoutLogin.replace(/^(https:\/\/[^/?#]+?):\d+(?=[/?#]|$)/i, '$1') : withoutLogin;
}
