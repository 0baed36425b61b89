import { html } from '../../../src/contracts/html.js';
import { browserFields, buttonForm, hiddenFields } from './forms.js';
import { sign } from './marks.js';
import type { Page, PaymentView } from './page.js';

/** An address that the browser is sent to by a form, and the origin that the page's policy must allow for it. */
interface Destination {
  readonly url: string;
  readonly origin: string;
  readonly data: string;
}

/**
 * The issuer's device check (EMV 3-D Secure method): a hidden frame posts to the issuer, at most ten seconds, then the
 * page goes on. Without scripts no form posts itself, so the payer goes on without the check.
 */
export function deviceCheckPage(view: PaymentView, prompt: string): Page {
  const { say, token, visit } = view;
  const destination = destinationOf(visit.follow);
  if (destination === null) return beginAgainPage(view, prompt, say('card.device_check'));
  const main = html`<h1>${say('card.device_check')}</h1>
<p>${say('card.device_check_text')}</p>
<div class="spinner" aria-hidden="true"></div>
<iframe class="unseen" name="device-check" title="${say('card.device_check_frame')}" tabindex="-1" aria-hidden="true" sandbox="allow-scripts allow-forms allow-same-origin"></iframe>
<form class="unseen" method="post" action="${destination.url}" target="device-check" data-device-check>
<input type="hidden" name="threeDSMethodData" value="${destination.data}">
</form>
<form method="post" action="/pay/${token}/device-check" data-once data-device-checked>
${hiddenFields(view, prompt)}${browserFields()}
<input type="hidden" name="completed" value="N">
<button class="primary">${say('card.continue')}</button>
</form>`;
  const { origin } = destination;
  const next = say('next.device_check');
  return { title: say('card.device_check'), main, next, formOrigins: [origin], frameOrigins: [origin] };
}

/** The way to the issuer's challenge: a form with a button, which the script presses once by itself. */
export function challengePage(view: PaymentView, prompt: string): Page {
  const { say, visit } = view;
  const destination = destinationOf(visit.follow);
  if (destination === null) return beginAgainPage(view, prompt, say('card.challenge'));
  const main = html`${sign('bank')}<h1>${say('card.challenge')}</h1>
<p>${say('card.challenge_text')}</p>
<form method="post" action="${destination.url}" data-once data-challenge>
<input type="hidden" name="creq" value="${destination.data}">
<input type="hidden" name="threeDSSessionData" value="${sessionDataOf(prompt)}">
<button class="primary">${say('card.challenge_go')}</button>
</form>
${buttonForm(view, { to: 'leave', prompt, label: say('card.another'), look: 'quiet' })}`;
  const next = say('next.challenge');
  return { title: say('card.challenge'), main, next, formOrigins: [destination.origin], waits: true };
}

/** A step that belongs to the device that began it: another one may only begin again. */
function beginAgainPage(view: PaymentView, prompt: string, title: string): Page {
  const { say, token, visit } = view;
  const another = visit.takesOver
    ? { label: say('card.another'), look: 'quiet' as const }
    : { label: say('card.begin_here'), look: 'primary' as const };
  const main = html`<h1>${title}</h1>
<p>${say('card.challenge_elsewhere')}</p>
${
  visit.takesOver &&
  html`<form method="post" action="/pay/${token}/take-over" data-once>
${hiddenFields(view, prompt)}${browserFields()}
<button class="primary">${say('card.go_on_here')}</button>
</form>`
}
${buttonForm(view, { to: 'leave', prompt, ...another })}`;
  return { title, main, next: say('next.challenge'), waits: true };
}

/** threeDSSessionData comes back beside the result: it names the prompt that the return answers. */
export function sessionDataOf(prompt: string): string {
  return Buffer.from(prompt, 'utf8').toString('base64url');
}

/** The prompt that threeDSSessionData names; what is not ours names none. */
export function promptOf(sessionData: string): string {
  return Buffer.from(sessionData, 'base64url').toString('utf8').slice(0, 100);
}

function destinationOf(follow: { url: string; data: string } | null): Destination | null {
  if (follow === null || !URL.canParse(follow.url)) return null;
  const { protocol, origin } = new URL(follow.url);
  return protocol === 'https:' || protocol === 'http:' ? { ...follow, origin } : null;
}
