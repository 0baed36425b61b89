import { type Html, html } from '../../../contracts/html.js';
import type { Devices, ShownCall } from '../../twilio/devices.js';
import type { Text } from '../../twilio/texts/handset.js';
import type { Exchange } from '../../twilio/wire/exchanges.js';
import { clockTime } from '../exchanges.js';

/** The telephone and the handset. What the script renews by itself has a `data-device` name. */
export function devicesPart(devices: Devices): Html {
  return html`<form method="get" action="/lab" class="holder"><label for="holder">Your number</label>
    <input id="holder" name="number" value="${devices.number}" inputmode="tel" autocomplete="off" maxlength="20"><button>Change</button></form>
    <div class="two">${telephone(devices)}${handset(devices)}</div>`;
}

/** Where there is no simulator: real telephones are the devices. */
export const NO_DEVICES: Html = html`<p class="quiet">The telephone and the handset of the lab belong to its simulator of Twilio. Guichet works with another account here: use a real telephone.</p>`;

/** Where the simulator does not answer. */
export const DEVICES_AWAY: Html = html`<p class="quiet">The simulator of Twilio does not answer.</p>`;

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;
const SPOKEN_KEYS: Readonly<Record<string, string>> = { '*': 'star', '#': 'hash' };

function telephone({ number, ours, call, problems }: Devices): Html {
  const isOn = call !== null && !isOver(call);
  const rings = isOn && call.isIncoming && call.state === 'ringing';
  const sid = html`<input type="hidden" name="sid" value="${call?.sid ?? ''}">`;
  const keys = KEYS.map(
    (key) => html`<button name="key" value="${key}" aria-label="${SPOKEN_KEYS[key] ?? key}">${key}</button>`,
  );
  return html`<section class="device" aria-labelledby="telephone"><h3 id="telephone">Telephone</h3>
    <form method="post" action="/lab/devices/dial" class="line"><input type="hidden" name="from" value="${number}">
      <label for="dialled">Number to call</label>${numberField('dialled', ours)}
      <label class="tick"><input type="checkbox" name="hidden" value="yes"> Hide my number</label>
      <button id="call"${off(isOn)}>Call</button></form>
    <p role="status" data-device="status">${statusOf(call)}</p>
    <div class="line"><form method="post" action="/lab/devices/pick-up" data-device="pick-up">${sid}<button id="pick-up"${off(!rings)}>Answer</button></form>
    <form method="post" action="/lab/devices/hang-up" data-device="hang-up">${sid}<button id="hang-up" class="plug"${off(!isOn)}>Hang up</button></form></div>
    <div class="keys-and-words"><div>
    <form method="post" action="/lab/devices/press" class="keypad" aria-label="Keypad" data-state="${call?.state ?? ''}" data-secret="${call?.isSecret ? 'yes' : ''}"><input type="hidden" name="sid" value="${call?.sid ?? ''}">${keys}</form>
    <p class="keyed" aria-hidden="true"></p></div><div>
    <div role="log" aria-label="What is said" class="said" data-device-log="${call?.sid ?? ''}" tabindex="0">${(call?.transcript ?? []).map(line)}</div>
    <label class="tick aloud" hidden><input type="checkbox" id="aloud"> Speak aloud</label></div></div>
    <div data-device="call-exchange">${exchange(call?.exchange ?? null, 'call', 'TwiML')}</div>
    <div data-device="problems">${problemList(problems)}</div></section>`;
}

function handset({ number, ours, texts, textExchange }: Devices): Html {
  const last = texts.findLast(({ isOwn }) => !isOwn)?.with ?? ours.at(-1) ?? '';
  return html`<section class="device" aria-labelledby="handset"><h3 id="handset">Text messages</h3>
    <div role="log" aria-label="Messages" class="texts" data-device-log="${number}" tabindex="0">${texts.map(text)}</div>
    <form method="post" action="/lab/devices/text" class="line"><input type="hidden" name="from" value="${number}">
      <label for="text-to">To</label>${numberField('text-to', ours, last)}
      <label for="reply">Reply</label><input id="reply" name="body" required maxlength="300" autocomplete="off"><button>Send</button></form>
    <div data-device="text-exchange">${exchange(textExchange, 'text', 'answer')}</div></section>`;
}

function numberField(id: string, ours: readonly string[], value = ours[0] ?? ''): Html {
  const options = ours.map((number) => html`<option value="${number}"></option>`);
  return html`<input id="${id}" name="to" value="${value}" list="${id}-list" inputmode="tel" required maxlength="20" autocomplete="off"><datalist id="${id}-list">${options}</datalist>`;
}

/** Not `disabled`: the keyboard would lose its place when a call begins or ends. */
function off(isOff: boolean): Html | null {
  return isOff ? html` aria-disabled="true"` : null;
}

function isOver({ status, state }: ShownCall): boolean {
  return state === 'over' || !['queued', 'initiated', 'ringing', 'in-progress'].includes(status);
}

const STATES: Readonly<Record<string, string>> = {
  working: 'The other side is thinking.',
  ringing: 'It rings.',
  speaking: 'Somebody speaks.',
  pausing: 'A pause.',
  listening: 'Your turn: press keys.',
};

function statusOf(call: ShownCall | null): Html {
  if (call === null) return html`No call yet.`;
  if (isOver(call)) {
    return html`The call with ${other(call)} is over: ${call.status.replaceAll('-', ' ')}.${call.exchange?.status === 404 ? html` <strong>${NOBODY}</strong>` : null}`;
  }
  const what = call.isIncoming && call.state === 'ringing' ? `Call from ${other(call)}.` : STATES[call.state];
  return html`${what ?? ''}${call.isSecret ? ' Card digits are not shown or kept.' : ''}`;
}

const NOBODY = 'Guichet has no telephone channel at that address: it answered 404.';
const other = ({ isIncoming, from, to }: ShownCall): string => (isIncoming ? from : to);

function line({ line: number, at, by, text: said, language }: ShownCall['transcript'][number]): Html {
  const lang = language === null ? null : html` lang="${language}"`;
  const who = by === 'keys' ? html`<strong>Keyed</strong> ` : null;
  return html`<p data-line="${number}" data-by="${by}" class="${by}">${clockTime(at)} ${who}<span${lang}>${said}</span></p>`;
}

function text({ sid, at, isOwn, with: who, body, encoding, count }: Text): Html {
  const title = isOwn ? `to ${who}` : `from ${who}`;
  return html`<div data-line="${sid}" class="${isOwn ? 'own' : 'theirs'}">${clockTime(at)} ${title} <span class="quiet">${encoding}, ${count === 1 ? '1 part' : `${count} parts`}</span><p>${linked(body)}</p></div>`;
}

/** A text with its web addresses to press on, as a handset shows it. */
function linked(body: string): Html[] {
  return body
    .split(/(https?:\/\/[^\s]+)/)
    .map((part, index) => (index % 2 === 1 ? html`<a href="${part}">${part}</a>` : html`${part}`));
}

function exchange(last: Exchange | null, key: string, answerTitle: string): Html {
  if (last === null) return html`<p class="quiet">Nothing has gone over the wire yet.</p>`;
  const { at, method, url, params, signature, idempotencyToken, attempt, status, contentType, answer } = last;
  const { pathname, search } = new URL(url);
  const fields = Object.entries(params).map(([name, value]) => `${name} = ${value}`);
  const headers = [
    `X-Twilio-Signature: ${signature ?? '(none)'}`,
    `I-Twilio-Idempotency-Token: ${idempotencyToken ?? '(none)'}`,
    ...(attempt > 1 ? [`(attempt ${attempt})`] : []),
  ];
  return html`<details data-key="last-${key}"><summary>${clockTime(at)} <code>${method} ${pathname}${search}</code> <span class="${status !== null && status < 400 ? 'right' : 'wrong'}">${verdict(status)}</span></summary>
    <h4>signed</h4><pre>${headers.join('\n')}</pre><h4>parameters</h4><pre>${fields.join('\n')}</pre>
    <h4>${answerTitle} ${status ?? ''} ${contentType ?? ''}</h4><pre>${answer}</pre></details>`;
}

function verdict(status: number | null): string {
  if (status === null) return 'no answer';
  if (status === 403) return 'signature refused';
  if (status === 404) return 'nobody is there: 404';
  return status < 400 ? `signature accepted, ${status}` : `failed: ${status}`;
}

function problemList(problems: Devices['problems']): Html | null {
  if (problems.length === 0) return null;
  const lines = problems.map(
    ({ at, code, text: what, url }) =>
      html`<li>${clockTime(at)} ${code === 0 ? null : code} ${what} <code>${pathOf(url)}</code></li>`,
  );
  return html`<h4>What Twilio’s debugger would say</h4><ul class="wrong">${lines}</ul>`;
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url;
}
