import type { Request, Response } from 'express';
import { known, type Language } from './language.js';

/** How long a device is known: as long as a payer may need to come back to a challenge, and no longer. */
const DEVICE_SECONDS = 86_400;
const LANGUAGE_SECONDS = 90 * 86_400;

/**
 * The page's two cookies: a random name for the device, and the language chosen. `__Host-` on https, so that no other host
 * of the domain can plant one; that prefix needs `Secure`, which http on loopback cannot have.
 */
export interface Cookies {
  /** The cookie that names the device; null when the browser has none yet. */
  device(request: Request): string | null;
  setDevice(response: Response, value: string): void;
  language(request: Request): string | undefined;
  setLanguage(response: Response, language: Language): void;
}

export function createCookies(isHttps: boolean): Cookies {
  const prefix = isHttps ? '__Host-' : '';
  const deviceName = `${prefix}guichet`;
  const languageName = `${prefix}guichet_language`;

  function set(response: Response, name: string, value: string, seconds: number): void {
    const attributes = ['Path=/', `Max-Age=${seconds}`, 'HttpOnly', 'SameSite=Lax', ...(isHttps ? ['Secure'] : [])];
    response.append('Set-Cookie', [`${name}=${value}`, ...attributes].join('; '));
  }

  return {
    device(request) {
      const value = cookieOf(request, deviceName);
      return value !== undefined && /^[\w-]{22}$/.test(value) ? value : null;
    },
    setDevice: (response, value) => set(response, deviceName, value, DEVICE_SECONDS),
    language(request) {
      return known(cookieOf(request, languageName)) ?? undefined;
    },
    setLanguage: (response, language) => set(response, languageName, language, LANGUAGE_SECONDS),
  };
}

function cookieOf(request: Request, name: string): string | undefined {
  const header = request.headers.cookie ?? '';
  const found = header.split(';', 50).find((pair) => pair.trimStart().startsWith(`${name}=`));
  return found?.slice(found.indexOf('=') + 1).trim();
}
