import type { IncomingHttpHeaders } from 'node:http';

/** The cookies of one call: kept for as long as it lasts, given back to whoever set them. */
export interface Cookies {
  headerFor(url: string): Readonly<Record<string, string>>;
  keep(url: string, headers: IncomingHttpHeaders): void;
}

const COOKIES_MAX = 50;

export function createCookies(): Cookies {
  const kept = new Map<string, Map<string, string>>();
  return {
    headerFor(url) {
      const pairs = [...(kept.get(new URL(url).origin) ?? [])].map(([name, value]) => `${name}=${value}`);
      return pairs.length === 0 ? {} : { cookie: pairs.join('; ') };
    },
    keep(url, headers) {
      const { origin } = new URL(url);
      const ours = kept.get(origin) ?? new Map<string, string>();
      for (const line of headers['set-cookie'] ?? []) {
        const [, name = '', value = ''] = /^([^=;\s]+)=([^;]*)/.exec(line) ?? [];
        if (name !== '' && ours.size < COOKIES_MAX) ours.set(name, value);
      }
      kept.set(origin, ours);
    },
  };
}
