import type { Request, RequestHandler } from 'express';
import type { BrowserData } from '../../src/contracts/authentication.js';

/** Reads one field of a posted form: its text, or nothing for what is missing, repeated or too long. */
export type Fields = (name: string) => string;

const FIELD_LENGTH_MAX = 300;

/** Fields as typed. A field given twice is nobody's honest form and counts as not given. */
export function fieldsOf(request: Request, lengthMax = FIELD_LENGTH_MAX): Fields {
  const body: unknown = request.body;
  return (name) => {
    if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return '';
    const value: unknown = Reflect.get(body, name);
    return typeof value === 'string' && value.length <= lengthMax ? value : '';
  };
}

/**
 * A form is decoded while it comes in; its bytes, a security code among them, are wiped when all is over, instead of lying in
 * memory that nobody uses. (Strings cannot be wiped: they go with the next collections of garbage.)
 */
export const wipeAfterwards: RequestHandler = (request, _response, next) => {
  const came: Buffer[] = [];
  request.on('data', (bytes: Buffer) => came.push(bytes));
  request.on('close', () => {
    for (const bytes of came) bytes.fill(0);
  });
  next();
};

/** A parameter of the address, the first of its name; null when it is not there. */
export function queryOf({ url }: Request, name: string): string | null {
  const at = url.indexOf('?');
  return at === -1 ? null : new URLSearchParams(url.slice(at + 1)).get(name);
}

/**
 * True for a post that another site's page made. Browsers say so in Sec-Fetch-Site (`none`: the payer's own doing); one that does not still says its
 * Origin, which is `null` for our own pages too, because they send no referrer: there the form's nonce decides alone.
 */
export function isFromElsewhere(request: Request, ownOrigin: string): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin } = request.headers;
  return origin !== undefined && origin !== 'null' && origin !== ownOrigin;
}

/** What EMV 3-D Secure wants to know of a browser: headers, and what the page's script put into hidden fields. */
export function browserOf(request: Request, fields: Fields): BrowserData {
  const { accept = '', 'user-agent': userAgent = '' } = request.headers;
  const acceptLanguage = request.headers['accept-language']?.split(/[,;]/)[0]?.trim();
  const language = fields('browser_language') || acceptLanguage || '';
  return {
    acceptHeader: accept.slice(0, HEADER_LENGTH_MAX),
    userAgent: userAgent.slice(0, HEADER_LENGTH_MAX),
    ip: request.ip ?? null,
    language: /^[A-Za-z0-9-]{2,8}$/.test(language) ? language : null,
    javascriptEnabled: fields('browser_script') === 'yes',
    colorDepth: colourDepth(wholeNumber(fields('browser_color_depth'), 1, 99)),
    screenHeight: wholeNumber(fields('browser_screen_height'), 0, 999_999),
    screenWidth: wholeNumber(fields('browser_screen_width'), 0, 999_999),
    timezoneOffset: wholeNumber(fields('browser_timezone_offset'), -1_440, 1_440),
  };
}

/** EMV 3-D Secure 2.2: browserAcceptHeader and browserUserAgent have up to 2048 characters. */
const HEADER_LENGTH_MAX = 2_048;

/** EMV 3-D Secure 2.2 has a list; a screen between two of them says the lower one. */
function colourDepth(bits: number | null): number | null {
  return bits === null ? null : (COLOUR_DEPTHS.find((depth) => depth <= bits) ?? null);
}
const COLOUR_DEPTHS = [48, 32, 24, 16, 15, 8, 4, 1];

function wholeNumber(text: string, least: number, most: number): number | null {
  if (!/^-?\d{1,6}$/.test(text)) return null;
  const value = Number(text);
  return value >= least && value <= most ? value : null;
}
