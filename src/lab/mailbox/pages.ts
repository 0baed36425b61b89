import { rfc3339 } from '../../contracts/clock.js';
import { type Html, html, textOf } from '../../contracts/html.js';
import type { Letter, ReadLetter } from './letters.js';
import type { Mood } from './mailbox.js';

/** Pages of the lab's mailbox: plain HTML without scripts, for developers, in English. */

/** Served beside the pages, so that their policy allows no style of anybody else's. */
export const STYLE = `:root{color-scheme:light dark;--ink:#17212b;--quiet:#52606d;--line:#d0d7de;--link:#0b57a4;--ground:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf2;--quiet:#a9b5c1;--line:#33404d;--link:#8fc2ff;--ground:#12181f}}
body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;padding:1rem;max-width:60rem;color:var(--ink);background:var(--ground)}
a{color:var(--link)}h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
ul.mails{list-style:none;margin:0;padding:0}ul.mails li{border-top:1px solid var(--line);padding:.6rem 0}
ul.mails a{font-weight:600}.quiet{color:var(--quiet)}small{color:var(--quiet)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}
iframe{width:100%;height:44rem;border:1px solid var(--line);border-radius:.5rem;background:#fff}
pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid var(--line);border-radius:.5rem;padding:1rem;font-size:.85rem}
label{display:block;margin:.5rem 0}input[type=text],input[type=number]{font:inherit;padding:.4rem;width:100%;max-width:24rem;box-sizing:border-box}
button{font:inherit;padding:.5rem 1rem;min-height:2.75rem}`;

export const PATH = '/lab/mailbox';

export interface ListView {
  readonly letters: readonly Letter[];
  readonly mood: Mood;
  /** Where it listens. */
  readonly port: number;
}

export function listPage({ letters, mood, port }: ListView): string {
  const shown = letters.map(
    ({ id, at, to, subject }) => html`<li><a href="${PATH}/${id}">${subject === '' ? '(no subject)' : subject}</a><br>
<small>to ${to.join(', ')} · <time datetime="${rfc3339(at)}">${clockText(at)}</time></small></li>\n`,
  );
  return layout(
    'Mailbox',
    html`<h1>Mailbox</h1>
<p>Every mail that Guichet sends on this machine ends here, the newest first; none leaves it. The mail server listens on 127.0.0.1:${port}.</p>
${letters.length === 0 && html`<p class="quiet">No mail yet. Pay something with an e-mail address, then come back.</p>`}
<ul class="mails">${shown}</ul>
<h2>Misbehave</h2>
<p>What mail servers do to those who send. Nothing is lost: Guichet tries again, and refuses to believe that it is over for three days.</p>
<form method="post" action="${PATH}/mood">
<label>Refuse this address<br><input type="text" name="refuse" maxlength="254" autocomplete="off" value="${mood.refuse}"></label>
<label>Think about each mail for so many seconds<br><input type="number" name="slow" min="0" max="60" value="${String(mood.slowMs / 1_000)}"></label>
<label><input type="checkbox" name="away" value="yes" ${mood.away && html`checked`}> Be gone: cut off whoever calls</label>
<p><button>Behave so</button></p>
</form>`,
  );
}

export function letterPage(letter: ReadLetter): string {
  const { id, at, to, from, subject, messageId, payment, text, html: body, raw } = letter;
  return layout(
    subject,
    html`<p><a href="${PATH}">All mails</a></p>
<h1>${subject === '' ? '(no subject)' : subject}</h1>
<dl>
<dt>To</dt><dd>${to.join(', ')}</dd>
<dt>From</dt><dd>${from}</dd>
<dt>Received</dt><dd><time datetime="${rfc3339(at)}">${clockText(at)}</time></dd>
<dt>Message-ID</dt><dd>${messageId ?? 'none'}</dd>
${payment !== null && html`<dt>Payment</dt><dd>${payment}</dd>`}
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

function layout(title: string, content: Html): string {
  return textOf(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · lab mailbox</title>
<link rel="stylesheet" href="${PATH}/style.css">
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`);
}

const clockText = (at: number): string => `${rfc3339(at).slice(0, 19).replace('T', ' ')} UTC`;
