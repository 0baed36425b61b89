import type { Clock } from '../contracts/clock.js';

/** A payer without a browser of pixels: opens pages, keeps cookies, posts the forms it is shown. */
export interface Payer {
  waitForForm(url: string, to: string): Promise<Form>;
  /** Opens a page until these words stand on it. */
  waitForWords(url: string, words: RegExp): Promise<void>;
  post(form: Form, typed?: Readonly<Record<string, string>>): Promise<string>;
}

export interface Form {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 50;

/** What a browser without scripts does; its cookies go to `publicUrl` only. */
export function createPayer(publicUrl: string, clock: Clock): Payer {
  const cookies = new Map<string, string>();

  async function ask(url: string, init: RequestInit = {}): Promise<string> {
    const isOurs = url.startsWith(publicUrl);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers: Record<string, string> = isOurs && cookie !== '' ? { cookie } : {};
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of isOurs ? response.headers.getSetCookie() : []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return response.text();
  }

  return {
    post: ({ action, fields }, typed = {}) =>
      ask(action, { method: 'POST', body: new URLSearchParams({ ...fields, ...typed }) }),
    async waitForWords(url, words) {
      await patiently(clock, 'what the page has to say', async () => (words.test(await ask(url)) ? true : null));
    },
    waitForForm: (url, to) =>
      patiently(clock, `the form to ${to}`, async () => {
        const page = await ask(url);
        return page.includes(`${to}"`) ? formIn(page, to, url) : null;
      }),
  };
}

/** The form of a page whose address ends with `to`, or goes on below it, with the fields it brings. */
export function formIn(page: string, to: string, pageUrl: string): Form {
  for (const [, action = '', inside = ''] of page.matchAll(/<form [^>]*action="([^"]*)"[^>]*>(.*?)<\/form>/gs)) {
    if (!`${action}/`.includes(`${to}/`)) continue;
    const inputs = inside.matchAll(/<input [^>]*name="([^"]*)"[^>]* value="([^"]*)"/g);
    const fields = Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, value]));
    return { action: new URL(action, pageUrl).href, fields };
  }
  throw new Error(`there is no form to ${to} on this page`);
}

/** Looks again until there is something to see. */
export async function patiently<T>(clock: Clock, what: string, look: () => Promise<T | null>): Promise<T> {
  const giveUpAt = clock.now() + PATIENCE_MS;
  while (clock.now() < giveUpAt) {
    const found = await look();
    if (found !== null) return found;
    await pause(clock, LOOK_EVERY_MS);
  }
  throw new Error(`${what} did not come`);
}

export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.at(clock.now() + ms, resolve));
}
