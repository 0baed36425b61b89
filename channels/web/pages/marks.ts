import type { Visit } from '../../../src/contracts/channel.js';
import { type Html, html } from '../../../src/contracts/html.js';
import type { PictureFace } from '../../../src/contracts/picture.js';

/** Pictures and signs of the page: ours are drawn here as a few lines each, theirs are served by us. */

/** The merchant's logo, or the first letter of their name on their colour. Their name stands beside it, so both are silent. */
export function merchantMark({ name, logo }: Visit['merchant']): Html {
  if (logo !== null) return pictureOf(logo, 'logo');
  const [letter = ''] = name.trim();
  return html`<span class="monogram" aria-hidden="true">${letter.toUpperCase()}</span>`;
}

/** Its box has a size of its own in the style, so nothing moves when it comes; `width` and `height` say its shape. */
export function pictureOf({ name, width, height }: PictureFace, look: string): Html {
  const size = width !== null && height !== null && html`width="${width}" height="${height}"`;
  return html`<img class="${look}" src="/pay/assets/${name}" alt="" decoding="async" ${size}>`;
}

export const lock = (): Html =>
  html`<svg class="lock" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d="M5 9h10a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1Zm2 0V6a3 3 0 0 1 6 0v3"/></svg>`;

export type Sign = 'paid' | 'refused' | 'canceled' | 'expired' | 'review' | 'bank';

/** The sign above an outcome. What it says is said by the heading below it. */
export function sign(kind: Sign): Html {
  return html`<svg class="sign ${kind}" viewBox="0 0 48 48" width="64" height="64" aria-hidden="true"><circle cx="24" cy="24" r="22"/>${STROKES[kind]}</svg>`;
}

const CROSS = html`<path d="m17 17 14 14m0-14L17 31"/>`;

const STROKES: Readonly<Record<Sign, Html>> = {
  paid: html`<path d="m15 25 7 7 12-15"/>`,
  refused: CROSS,
  canceled: CROSS,
  expired: html`<path d="M24 12v12l7 5"/>`,
  review: html`<path d="M15 24h.1M24 24h.1M33 24h.1"/>`,
  bank: html`<path d="M13 21 24 14l11 7Zm4 3v8m7-8v8m7-8v8m-17 3h20"/>`,
};
