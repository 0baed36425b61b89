import type { Parties } from '../../../src/contracts/channel.js';
import { type Html, html, linkable } from '../../../src/contracts/html.js';
import { lock, pictureOf } from './marks.js';
import type { View } from './page.js';

/** Who runs the page and holds the card, whom to ask unless the page says so itself, and the other language. */
export function footer(view: View, path: string | null, visit: Parties | null, isSupportNamed = true): Html | null {
  if (path === null && visit === null) return null;
  const { say, language } = view;
  const other = language === 'fr' ? 'en' : 'fr';
  return html`<footer>
${visit !== null && operatorLine(view, visit)}
${visit !== null && isSupportNamed && support(view, visit)}
${path !== null && html`<p class="language"><a href="${path}${path.includes('?') ? '&' : '?'}lang=${other}" hreflang="${other}" lang="${other}">${say('page.other_language')}</a></p>`}
</footer>`;
}

function operatorLine({ say }: View, { operator, operatorLogo, merchant }: Parties): Html {
  const logo = operatorLogo === null ? lock() : html`${lock()}${pictureOf(operatorLogo, 'operator-logo')}`;
  return html`<p class="operator">${logo}<span>${say('page.operator', { operator, merchant: merchant.name })}</span></p>`;
}

/** How the merchant is reached; null when they have said nothing. */
export function support({ say }: View, { merchant }: Parties): Html | null {
  const { email, phone, url } = merchant.support;
  const site = linkable(url);
  const ways = [
    email !== null && html`<a href="mailto:${email}">${email}</a>`,
    phone !== null && html`<a href="tel:${phone.replace(/[^+\d]/g, '')}">${phone}</a>`,
    site !== null && html`<a href="${site}" rel="noreferrer">${say('page.support_site')}</a>`,
  ].filter((way) => way !== false);
  if (ways.length === 0) return null;
  return html`<p>${say('page.support', { merchant: merchant.name })} ${ways.map((way, index) => html`${index > 0 && ' · '}${way}`)}</p>`;
}
