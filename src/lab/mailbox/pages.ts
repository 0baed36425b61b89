import { readFileSync } from 'node:fs';
import { rfc3339 } from '../../contracts/clock.js';
import { type Html, html, textOf } from '../../contracts/html.js';
import type { Letter, ReadLetter, Recipient } from './letters.js';
import type { Mood } from './moods.js';

/** Pages of the lab's mailbox, in its style: plain HTML without scripts, for developers, in English. */

export const PATH = '/lab/mailbox';

/** Served beside the pages, so that their policy allows no style of anybody else's. */
export const STYLE = ['../page/assets/lab.css', './assets/mailbox.css']
  .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
  .join('\n');

export interface ListView {
  readonly letters: readonly Letter[];
  readonly recipients: readonly Recipient[];
  /** Whose mails are shown; null for everybody's. */
  readonly to: string | null;
  readonly mood: Mood;
  /** Where it listens. */
  readonly port: number;
}

export function listPage(view: ListView): string {
  const { letters, to, mood, port } = view;
  return layout(
    'Mailbox',
    html`Every mail that Guichet sends on this machine ends here; none leaves it. The mail server listens on 127.0.0.1:${port}.`,
    html`<div class="desk">
<section class="moods" aria-labelledby="misbehave"><h2 id="misbehave">Misbehave</h2>${moodForm(mood)}</section>
<section aria-labelledby="mails"><h2 id="mails">${to === null ? 'Mails' : `Mails to ${to}`}, the newest first</h2>
${whose(view)}
${letters.length === 0 ? html`<p class="quiet">${to === null ? NOTHING : 'Nothing for this address.'}</p>` : html`<ul class="mails">${letters.map(lineOf)}</ul>`}
</section>
</div>`,
  );
}

const NOTHING = 'No mail yet. Pay something with an e-mail address, then come back.';

function lineOf({ id, at, to, subject, payment }: Letter): Html {
  const addresses = to.map((address) => html` <a href="${PATH}?to=${encodeURIComponent(address)}">${address}</a>`);
  const inLab = payment === null ? null : html` · <a href="/lab?payment=${payment}">payment</a>`;
  return html`<li><a href="${PATH}/${id}">${titleOf(subject)}</a><br>
<span class="quiet">${timeOf(at)} · to${addresses}${inLab}</span></li>\n`;
}

function whose({ recipients, to }: ListView): Html | null {
  if (recipients.length < 2 && to === null) return null;
  const options = recipients.map(({ address, letters }) => {
    const chosen = address === to?.toLowerCase() ? html` selected` : null;
    return html`<option value="${address}"${chosen}>${address} (${letters})</option>`;
  });
  return html`<form class="whose" method="get" action="${PATH}"><label>Recipient<br><select name="to"><option value="">everybody</option>${options}</select></label>
<button>Show</button></form>`;
}

function moodForm({ refuse, slowMs, away }: Mood): Html {
  return html`${away && html`<p class="bad">It is gone: whoever calls is cut off. Mails wait.</p>`}
<p class="quiet">What mail servers do to those who send. Nothing is lost: Guichet tries again, and refuses to believe that it is over for three days.</p>
<form method="post" action="${PATH}/mood">
<label>Refuse this address<br><input type="text" name="refuse" maxlength="254" autocomplete="off" value="${refuse}"></label>
<label>Think about each mail for so many seconds<br><input type="number" name="slow" min="0" max="60" value="${String(slowMs / 1_000)}"></label>
<label class="check"><input type="checkbox" name="away" value="yes" ${away && html`checked`}> <span>Be gone: cut off whoever calls</span></label>
<button>Behave so</button>
</form>`;
}

export function letterPage(letter: ReadLetter): string {
  const { id, at, to, from, subject, messageId, payment, text, html: body, raw } = letter;
  return layout(
    titleOf(subject),
    null,
    html`<dl class="sheet">
<dt>To</dt><dd>${to.map((address) => html`<a href="${PATH}?to=${encodeURIComponent(address)}">${address}</a> `)}</dd>
<dt>From</dt><dd>${from}</dd>
<dt>Received</dt><dd>${timeOf(at)}</dd>
<dt>Message-ID</dt><dd>${messageId ?? 'none'}</dd>
${payment !== null && html`<dt>Payment</dt><dd><a href="/lab?payment=${payment}">${payment}</a></dd>`}
</dl>
${body !== null && html`<h2>As it is shown</h2>\n<iframe title="The mail as a mail program shows it" sandbox="${FRAME_SANDBOX}" src="${PATH}/${id}/html"></iframe>`}
<h2>As text</h2>
<pre tabindex="0">${text}</pre>
<h2>As it came over the wire</h2>
<pre tabindex="0">${raw}</pre>`,
  );
}

/** Links of a mail open a page of their own; nothing else may come out of its frame. */
export const FRAME_SANDBOX = 'allow-popups allow-popups-to-escape-sandbox';

/** The mail's own HTML, whose links leave the frame. */
export function framed(body: string): string {
  return `<base target="_blank">${body}`;
}

function layout(title: string, about: Html | null, content: Html): string {
  return textOf(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · The lab · Guichet</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${PATH}/style.css">
</head>
<body>
<header><h1>${title}</h1>${about !== null && html`<p>${about}</p>`}
<nav aria-label="Places"><a href="/lab">The lab</a> <a href="/shop">Shop</a> <a href="${PATH}">All mails</a> <a href="/docs">Documentation</a></nav></header>
<main>
${content}
</main>
</body>
</html>
`);
}

const titleOf = (subject: string): string => (subject === '' ? '(no subject)' : subject);

const timeOf = (at: number): Html =>
  html`<time datetime="${rfc3339(at)}">${rfc3339(at).slice(0, 19).replace('T', ' ')} UTC</time>`;
