import type { AccountVisit, Visit } from '../../../src/contracts/channel.js';
import { type Html, html, linkable } from '../../../src/contracts/html.js';
import type { Asset } from '../assets.js';
import { buttonForm } from './forms.js';
import { type AccountView, amountOf, type Page, type PaymentView, type View } from './page.js';

export interface Frame {
  readonly style: Asset;
  readonly script: Asset;
  /** The nonce of this answer's Content-Security-Policy. */
  readonly nonce: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The whole document around a page of one payment. */
export function paymentDocument(view: PaymentView, page: Page, frame: Frame): Html {
  const { visit, say, token } = view;
  const expiresInSeconds = Math.max(0, Math.round((visit.expiresAt - frame.now) / 1_000));
  const body = html`${visit.mode === 'test' && html`<p class="test" role="note">${say('page.test')}</p>`}
<div class="sheet">
<header>${merchantLine(visit)}${summary(view)}</header>
${visit.extendable && timeWarning(view, expiresInSeconds)}
<main>${page.main}</main>
${visit.cancelable && buttonForm(view, { to: 'cancel', prompt: 'cancel', label: say('page.cancel'), look: 'quiet' })}
</div>
${footer(view, `/pay/${token}`, visit)}`;
  const waiting = page.waits === true ? html`data-events="/pay/${token}/events?version=${visit.version}"` : null;
  return document(view, page, frame, body, { attributes: waiting, accent: visit.merchant.accentColour });
}

/** The same for a page of a payer's account. */
export function accountDocument(view: AccountView, page: Page, frame: Frame): Html {
  const { visit, say, token } = view;
  const body = html`${visit.mode === 'test' && html`<p class="test" role="note">${say('page.test')}</p>`}
<div class="sheet">
<header>${merchantLine(visit)}</header>
<main>${page.main}</main>
</div>
${footer(view, `/account/${token}`, visit)}`;
  return document(view, page, frame, body, { attributes: null, accent: visit.merchant.accentColour });
}

/** The same for pages that belong to no payment. */
export function plainDocument(view: View, page: Page, frame: Frame, path: string | null): Html {
  const body = html`<div class="sheet"><main>${page.main}</main></div>${footer(view, path, null)}`;
  return document(view, page, frame, body, { attributes: null, accent: null });
}

interface Extras {
  readonly attributes: Html | null;
  readonly accent: string | null;
}

function document(view: View, page: Page, frame: Frame, body: Html, { attributes, accent }: Extras): Html {
  const { style, script, nonce } = frame;
  const colour = accent !== null && /^#[0-9a-fA-F]{6}$/.test(accent) ? accent : null;
  return html`<!doctype html>
<html lang="${view.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${page.title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${style.path}" integrity="${style.integrity}">
${colour !== null && html`<style nonce="${nonce}">:root{--accent:${colour}}</style>`}
${page.waits === true && html`<noscript><meta http-equiv="refresh" content="10"></noscript>`}
<script nonce="${nonce}" src="${script.path}" integrity="${script.integrity}" defer></script>
</head>
<body ${attributes}>
${body}
</body>
</html>
`;
}

/** Who is paid, and who holds the card. */
type Parties = Pick<Visit | AccountVisit, 'merchant' | 'operator'>;

function merchantLine({ merchant }: Parties): Html {
  // Nothing is loaded from elsewhere: a logo is shown when it comes with the page.
  const logo =
    merchant.logo !== null && /^data:image\/(?:png|jpeg|webp|svg\+xml);/.test(merchant.logo) ? merchant.logo : null;
  return html`<p class="merchant">${logo !== null && html`<img src="${logo}" alt="" height="40">`}${merchant.name}</p>`;
}

function summary(view: PaymentView): Html {
  const { visit, say } = view;
  const rows: readonly (readonly [string, string | null])[] = [
    [say('page.description'), visit.description],
    [say('page.reference'), visit.reference],
  ];
  if (visit.purpose === 'save_card') return html`<p class="in-hand">${say('save.page.nothing_taken')}</p>`;
  return html`<p class="amount"><span class="unseen">${say('page.payee', { merchant: visit.merchant.name })}: </span>${amountOf(view)}</p>
<dl>${rows.map(([term, text]) => text !== null && text !== '' && html`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>`;
}

/** Filled two minutes before the end, by the script; without it the server shows it when the page is loaded late. */
function timeWarning(view: PaymentView, expiresInSeconds: number): Html {
  const { say } = view;
  return html`<div class="time" role="status" data-time data-expires-in="${expiresInSeconds}" data-given="${say('page.time_given')}">
<div data-warning ${expiresInSeconds > WARN_SECONDS && html`hidden`}>
<p>${say('page.time_short')}</p>
${buttonForm(view, { to: 'extend', prompt: 'extend', label: say('page.more_time'), look: 'quiet' })}
</div><p data-said></p></div>`;
}

const WARN_SECONDS = 120;

function footer(view: View, path: string | null, visit: Parties | null): Html {
  const { say, language } = view;
  const other = language === 'fr' ? 'en' : 'fr';
  const words = visit === null ? null : { operator: visit.operator, merchant: visit.merchant.name };
  return html`<footer>
${visit !== null && support(view, visit)}
${words !== null && html`<p>${say('page.operator', words)}</p>`}
${path !== null && html`<p><a href="${path}${path.includes('?') ? '&' : '?'}lang=${other}" hreflang="${other}" lang="${other}">${say('page.other_language')}</a></p>`}
</footer>`;
}

function support({ say }: View, { merchant }: Parties): Html | null {
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
