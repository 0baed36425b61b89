import { type Html, html } from '../../../contracts/html.js';
import type { Screen } from '../../../contracts/television.js';
import { callOf } from '../exchanges.js';
import type { Television } from './source.js';

/** What the television's part of the page is made of. */
export interface Set {
  /** The payment that its button shows; the script keeps it at the one that the page shows. */
  readonly payment: string;
  /** Null while it is off. */
  readonly television: Television | null;
  /** Null while there is none. */
  readonly screen: Screen | null;
}

/** The set, its remote control, and how the session was opened. What the script renews by itself has a `data-set` name. */
export function televisionPart({ payment, television, screen }: Set): Html {
  const session = television?.session ?? '';
  return html`<form method="post" action="/lab/television" class="line"><input type="hidden" name="payment" value="${payment}">
    <label for="box-language">Language of the box</label><select id="box-language" name="language"><option value="">the payer’s</option><option value="fr">français</option><option value="en">English</option></select>
    <button id="turn-on">Show the payment on television</button></form>
    <div class="set-and-remote"><div class="set" data-session="${session}">${session === '' ? null : frame(session)}<p class="off"${session !== '' && html` hidden`}>The television is off.</p></div>${remote()}</div>
    <div data-set="handover">${handover(screen)}</div>
    <div data-set="opening">${television === null ? null : opening(television)}</div>`;
}

function frame(session: string): Html {
  return html`<iframe title="Television" src="/tv/app?session=${session}" width="1280" height="720"></iframe>`;
}

/** The keys, by the codes that a box gives them. */
const KEYS = [
  { code: 403, name: 'Red', look: 'red' },
  { code: 404, name: 'Green', look: 'green' },
  { code: 405, name: 'Yellow', look: 'yellow' },
  { code: 406, name: 'Blue', look: 'blue' },
  { code: 38, name: 'Up', look: 'up', face: '▲' },
  { code: 37, name: 'Left', look: 'left-arrow', face: '◀' },
  { code: 13, name: 'OK', look: 'ok', face: 'OK' },
  { code: 39, name: 'Right', look: 'right-arrow', face: '▶' },
  { code: 461, name: 'Back', look: 'back', face: '↩' },
  { code: 40, name: 'Down', look: 'down', face: '▼' },
  ...['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'].map((digit) => ({
    ...{
      code: 48 + Number(digit),
      name: digit,
      look: digit === '0' ? 'zero' : digit === '1' ? 'one' : 'digit',
      face: digit,
    },
  })),
] as const;

function remote(): Html {
  const keys = KEYS.map((key) => {
    const face = 'face' in key ? key.face : '';
    return html`<button type="button" class="${key.look}" data-code="${key.code}" aria-label="${key.name}">${face}</button>`;
  });
  return html`<div class="remote" role="group" aria-label="Remote control">${keys}</div>`;
}

/** Without a telephone at hand: where its camera would lead. */
function handover(screen: Screen | null): Html | null {
  const ways = screen?.handover ?? null;
  if (ways === null) return null;
  const code = ways.code === null ? null : html` The code is <strong class="code">${ways.code}</strong>.`;
  return html`<p>The picture leads a telephone to <a id="scanned" href="${ways.qr}" target="_blank" rel="noopener">this page</a>: open it beside, and watch the television.${code}</p>`;
}

function opening({ session, opening: call }: Television): Html {
  const isSigned = call.status !== 401;
  const words = isSigned ? 'The operator’s signature was accepted.' : 'The operator’s signature was refused.';
  const shown = session === null ? html` <strong>Nothing is shown: it answered ${call.status ?? ''}.</strong>` : null;
  return html`<p class="${isSigned ? 'right' : 'wrong'}">${words}${shown}</p>${callOf(call)}`;
}
