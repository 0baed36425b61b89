import type { TelevisionView } from '../../../src/contracts/channel.js';
import { type Html, html } from '../../../src/contracts/html.js';
import type { Asset } from '../../assets/index.js';
import { footer } from './footer.js';
import { buttonForm, hiddenFields } from './forms.js';
import { merchantMark } from './marks.js';
import { type AccountView, amountOf, type Page, type PaymentView, type View } from './page.js';

export interface Frame {
  readonly style: Asset;
  readonly script: Asset;
  /** The nonce of this answer's Content-Security-Policy. */
  readonly nonce: string;
}

/** The whole document around a page of one payment. */
export function paymentDocument(view: PaymentView, page: Page, frame: Frame): Html {
  const { visit, token } = view;
  const body = html`<div class="sheet">
${header(view, page)}
<main>
${page.keeps !== undefined && firstButton(page.keeps, page.title)}${visit.extendable && timeWarning(view, page)}
${visit.television !== null && televisionQuestion(view, visit.television)}
${page.main}
${visit.cancelable && html`<div class="leave">${buttonForm(view, { to: 'cancel', prompt: 'cancel', label: view.say('page.cancel'), look: 'plain' })}</div>`}
</main>
${footer(view, `/pay/${token}`, visit, page.namesSupport !== true)}
</div>`;
  // A page that may reach an issuer has a policy of its own, which comes with a navigation only.
  const reaches = [page.formOrigins, page.frameOrigins].some((origins) => origins !== undefined);
  const attributes = html`data-state="${visit.version} ${visit.prompt?.id ?? visit.status}"
${(page.waits || page.listens) && html`data-events="/pay/${token}/events?version=${visit.version}"`} ${page.listens === true && html`data-listens`} ${reaches && html`data-navigate`}`;
  return document(view, page, frame, body, { attributes, accent: visit.merchant.accentColour });
}

/** The same for a page of a payer's account. */
export function accountDocument(view: AccountView, page: Page, frame: Frame): Html {
  const { visit, say, token } = view;
  const body = html`<div class="sheet">
<header>
${visit.mode === 'test' && html`<p class="test">${say('page.test')}</p>`}
<p class="merchant">${merchantMark(visit.merchant)}<span>${visit.merchant.name}</span></p>
</header>
<main>${page.main}</main>
${footer(view, `/account/${token}`, visit)}
</div>`;
  const attributes = html`data-state="${visit.version} ${visit.stage}"`;
  return document(view, page, frame, body, { attributes, accent: visit.merchant.accentColour });
}

/** The same for pages that belong to no payment. */
export function plainDocument(view: View, page: Page, frame: Frame, path: string | null): Html {
  const body = html`<div class="sheet alone"><main>${page.main}</main>${footer(view, path, null)}</div>`;
  return document(view, page, frame, body, { attributes: html`data-state="${page.title}"`, accent: null });
}

interface Extras {
  readonly attributes: Html;
  readonly accent: string | null;
}

/** What the script replaces when the page moves on stands in `data-page`; what it says aloud stands beside it and stays. */
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
<script type="module" nonce="${nonce}" src="${script.path}" integrity="${script.integrity}"></script>
</head>
<body>
<div data-page ${attributes}>
${body}
</div>
<p class="unseen" role="status" data-live></p>
<p class="away" role="status" data-away="${view.say('live.away')}"></p>
</body>
</html>
`;
}

/** Who is paid, how much, and what happens next: in sight wherever the payer has scrolled to. */
function header(view: PaymentView, { next }: Page): Html {
  const { visit, say } = view;
  const rows: readonly (readonly [string, string | null])[] = [
    [say('page.description'), visit.description],
    [say('page.reference'), visit.reference],
  ];
  return html`<header>
${visit.mode === 'test' && html`<p class="test">${say('page.test')}</p>`}
<p class="merchant">${merchantMark(visit.merchant)}<span>${visit.merchant.name}</span></p>
${visit.purpose === 'pay' && html`<p class="amount"><span class="unseen">${say('page.payee', { merchant: visit.merchant.name })}: </span>${amountOf(view)}</p>`}
${visit.purpose === 'save_card' && html`<p class="in-hand">${say('save.page.nothing_taken')}</p>`}
${visit.purpose === 'pay' && html`<dl>${rows.map(([term, text]) => text !== null && text !== '' && html`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>`}
${next !== undefined && html`<p class="next"><strong>${say('page.next')}</strong> ${next}</p>`}
</header>`;
}

/** A picture code may be of somebody else's television: who has begun nothing says so here, before anything is typed. */
function televisionQuestion(view: PaymentView, { operator, code }: TelevisionView): Html {
  const { say } = view;
  return html`<section class="asked" aria-labelledby="television">
<h2 id="television">${say('television.asked')}</h2>
<p>${code === null ? say('television.operator', { operator }) : say('television.compare', { operator })}</p>
${code !== null && html`<p class="screen-code">${code}</p>`}
${buttonForm(view, { to: 'cancel', prompt: 'cancel', label: say('television.no'), look: 'quiet' })}
</section>`;
}

/** What the Enter key presses is the first button of its form: one that sends it, unseen, before those that do something else. */
function firstButton(form: string, label: string): Html {
  return html`<button class="unseen" form="${form}" tabindex="-1" aria-hidden="true">${label}</button>`;
}

/** Filled two minutes before the end, by the script; without it the server shows it when the page is loaded late. */
function timeWarning(view: PaymentView, { keeps }: Page): Html | null {
  const { say, visit, token, now } = view;
  const { prompt, expiresAt } = visit;
  if (prompt === null) return null;
  const seconds = Math.max(0, Math.round((expiresAt - now) / 1_000));
  const to = `/pay/${token}/extend`;
  const button = html`<button class="quiet" ${keeps !== undefined && html`form="${keeps}"`} formaction="${to}" formnovalidate data-more-time>${say('page.more_time')}</button>`;
  return html`<div class="time" role="status" data-time data-expires-in="${seconds}" data-given="${say('page.time_given')}">
<div data-warning ${seconds > WARN_SECONDS && html`hidden`}>
<p>${say('page.time_short')}</p>
${keeps !== undefined ? button : html`<form method="post" action="${to}">${hiddenFields(view, prompt.id)}${button}</form>`}
</div><p data-said></p></div>`;
}

const WARN_SECONDS = 120;
