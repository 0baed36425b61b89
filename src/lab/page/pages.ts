import { type Html, html, ourOwn, textOf } from '../../contracts/html.js';
import { amountText } from '../../contracts/money.js';
import type { Exchange as BankExchange } from '../acquirer/exchanges.js';
import type { ProgrammedFault } from '../acquirer/faults.js';
import type { ShopExchange } from '../shop/wire.js';
import { bankExchangeOf, callOf, clockTime, webhookOf } from './exchanges.js';
import type { ShownMail, ShownPayment } from './sources.js';
import { type Evidence, stepsOf, verdictOf } from './steps.js';

export interface LabView {
  readonly style: string;
  readonly script: string;
  readonly recent: readonly ShownPayment[];
  /** Whether the newest payment is shown, whichever that is. */
  readonly isFollowing: boolean;
  readonly shown: Shown | null;
  readonly faults: readonly ProgrammedFault[];
  readonly canPullThePlug: boolean;
  readonly hasTelephone: boolean;
  /** The telephone and the handset. */
  readonly devices: Html;
  readonly devicesScript: string;
  readonly television: Html;
  readonly televisionScript: string;
}

/** All that is known of one payment. */
export interface Shown extends Evidence {
  readonly exchanges: readonly BankExchange[];
  readonly wire: readonly ShopExchange[];
  /** Null: there is no mailbox. */
  readonly mails: readonly ShownMail[] | null;
}

const REFRESH = ourOwn('<noscript><meta http-equiv="refresh" content="3"></noscript>');

/** The lab's one page. Parts with a name are swapped by the script when they change. */
export function labPage(view: LabView): string {
  const { shown, style, script } = view;
  return textOf(html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>The lab · Guichet</title><link rel="icon" href="data:,"><link rel="stylesheet" href="${style}">${REFRESH}<script type="module" src="${script}"></script><script type="module" src="${view.devicesScript}"></script><script type="module" src="${view.televisionScript}"></script></head>
<body>
<header><h1>The lab</h1><p>Buy something, then break something. Everything below is read from the running system: its API, the acquirer’s own books, and what went over the wire. Its times are UTC.</p>
<nav aria-label="Places"><a href="/shop">Shop</a> <a href="/lab/mailbox">Mailbox</a> <a href="/docs">Documentation</a></nav></header>
<main>
<section aria-label="Experiments" class="experiments">${experiments(view)}</section>
<p id="away" hidden><span role="alert"></span> <span class="since" aria-hidden="true"></span></p>
<section class="devices" aria-labelledby="devices"><h2 id="devices">Telephone and texts</h2><div data-part="ways">${waysIn(shown?.payment ?? null)}</div>${view.devices}</section>
<section class="television" aria-labelledby="television"><h2 id="television">Television</h2>${view.television}</section>
<div id="shown">
<section aria-labelledby="recent" data-part="recent"><h2 id="recent">Payments</h2>${recent(view)}</section>
<section aria-label="The payment" data-part="head">${shown === null ? html`<p>No payment yet: press “Buy”, or order in the <a href="/shop">shop</a>.</p>` : head(shown)}</section>
${shown === null ? null : panels(shown, view.faults)}
</div>
</main>
</body>
</html>`);
}

function experiments({ canPullThePlug, hasTelephone }: LabView): Html {
  const plug = canPullThePlug
    ? 'kills the server with SIGKILL while the acquirer is answering'
    : 'needs a supervisor that starts the server again: run npm start';
  const away = 'needs the lab’s own telephone';
  return html`
    ${button('buy', 'Buy for €12.00', 'with test card 4242 4242 4242 4242')}
    ${button('order', 'Order, pay later', 'then call about it, or pay on its page')}
    ${button('text', 'Ask by text', hasTelephone ? 'six digits to the handset below: reply with them' : away, !hasTelephone)}
    ${button('race', 'Race', hasTelephone ? 'pays on phone and page in the same instant' : away, !hasTelephone)}
    ${button('plug', 'Pull the plug', plug, !canPullThePlug)}
    ${button('answer', 'Lose the answer', 'the acquirer books, and the connection is cut')}
    ${button('heal', 'Reset faults', 'the acquirer behaves again')}`;
}

function button(name: string, title: string, text: string, isOff = false): Html {
  const off = isOff ? html` disabled` : null;
  return html`<form method="post" action="/lab/experiments/${name}"><button class="${name}" aria-describedby="about-${name}"${off}>${title}</button><p id="about-${name}">${text}</p></form>`;
}

/** A payment of 0: its reference is a session's, and nothing is paid. */
const saving = (status: string): string => (status === 'succeeded' ? 'A card is saved' : 'A card is to be saved');

function recent({ recent: payments, isFollowing, shown }: LabView): Html {
  const links = payments.map(({ id, reference, status, amount, currency }) => {
    const isShown = id === shown?.payment.id;
    const current = isShown ? html` aria-current="true"` : null;
    return html`<li><a href="/lab?payment=${id}"${current}>${amount === 0 ? saving(status) : html`${reference} <span>${amountText({ amount, currency }, 'en')}</span>`} ${badge(status)}</a></li>`;
  });
  const follow = isFollowing
    ? html`<p class="quiet">The newest is followed by itself.</p>`
    : html`<p><a href="/lab">Follow the newest</a></p>`;
  return html`<ul class="recent">${links}</ul>${follow}`;
}

function head(shown: Shown): Html {
  const { payment } = shown;
  const steps = stepsOf(shown);
  const verdict = steps.length === 0 ? null : verdictOf(shown);
  const next = steps.find(({ isDone }) => !isDone)?.key;
  const list = steps.map(({ key, title, text, at, isDone }) => {
    const isNext = key === next;
    const current = isNext ? html` aria-current="step"` : null;
    const words = isDone || isNext ? html`<br><span>${text}</span>` : null;
    return html`<li class="${isDone ? 'done' : isNext ? 'now' : 'to-come'}"${current}><strong>${title}</strong> ${at === null ? null : clockTime(at)}${words}</li>`;
  });
  const title =
    payment.amount === 0
      ? saving(payment.status)
      : html`${payment.reference} <span class="sum">${amountText(payment, 'en')}</span>`;
  return html`<h2 data-payment="${payment.id}">${title} ${badge(payment.status)}</h2>
    ${steps.length === 0 ? null : html`<ol class="steps" aria-live="polite">${list}</ol>`}
    ${shown.journal.some(({ what }) => what === 'went_wrong') ? html`<p class="verdict wrong">This experiment did not come to its end. Look below for how far it got.</p>` : null}
    ${verdict === null ? null : html`<p class="verdict ${verdict.isRight ? 'right' : 'wrong'}">${verdict.text}</p>`}`;
}

/** What somebody in front of this page needs to pay it in another way. */
function waysIn(payment: ShownPayment | null): Html {
  const call = payment?.next_actions.find(({ type }) => type === 'ivr_prompt');
  if (payment === null || call === undefined) return NOBODY_WAITS;
  const { links, reference } = payment;
  const page = links.pay === null ? null : html` Or pay on <a href="${links.pay}">its page</a>.`;
  return html`<p>To pay ${reference} by telephone, call <strong>${call.telephone ?? ''}</strong> with the payment code <strong class="code">${call.payment_code ?? ''}</strong>.${page}</p>`;
}

const NOBODY_WAITS = html`<p class="quiet">No payment to call about is shown: press “Order, pay later”, or order in the shop without paying. Its payment code stands here then.</p>`;

function panels(shown: Shown, faults: readonly ProgrammedFault[]): Html {
  const { wire, exchanges } = shown;
  const calls = wire.flatMap((one) => (one.kind === 'call' ? callOf(one) : []));
  const hooks = wire.flatMap((one) => (one.kind === 'webhook' ? webhookOf(one) : []));
  return html`<div class="two">
    <section aria-labelledby="says" data-part="says"><h2 id="says">What Guichet knows</h2>${timeline(shown)}${operations(shown.payment)}</section>
    <section aria-labelledby="books" data-part="books"><h2 id="books">What the acquirer’s books say</h2>${ledger(shown)}${faultList(faults)}</section>
    </div><h2>On the wire</h2><div class="three">
    ${wirePanel('calls', 'The shop asks Guichet', calls, 'The shop asked nothing about this payment.')}
    ${wirePanel('bank', 'Guichet asks the acquirer', exchanges.map(bankExchangeOf), 'Nothing yet. The sandbox keeps its last 50 exchanges.')}
    ${wirePanel('hooks', 'Guichet tells the shop', hooks, 'No webhook yet. The shop listens from its first order on.')}
    </div><section aria-labelledby="mails" data-part="mails"><h2 id="mails">Mails</h2>${mailList(shown.mails)}</section>`;
}

function timeline({ story }: Shown): Html {
  const lines = (story?.data ?? []).map(({ at, text }) => html`<li>${clockTime(Date.parse(at))} ${text}</li>`);
  const next = story?.next ?? null;
  const isOtherDay = next?.at?.slice(0, 10) !== story?.data.at(-1)?.at.slice(0, 10);
  const when =
    next?.at == null ? null : html`${isOtherDay ? ` ${next.at.slice(0, 10)}` : ''} ${clockTime(Date.parse(next.at))}`;
  return html`<ol class="story">${lines}</ol>${next === null ? null : html`<p class="quiet">Next:${when} ${next.text}</p>`}`;
}

function operations({ attempts }: ShownPayment): Html | null {
  const rows = attempts.flatMap((attempt) =>
    attempt.operations.map(
      ({ id, type, status }) => html`<tr><td>${type}</td><td>${badge(status)}</td><td><code>${id}</code></td></tr>`,
    ),
  );
  if (rows.length === 0) return null;
  return html`<table><caption>Operations</caption><tr><th scope="col">what</th><th scope="col">status</th><th scope="col">identity</th></tr>${rows}</table>`;
}

function ledger(shown: Shown): Html {
  if (shown.ledger.length === 0) return html`<p class="quiet">Nothing is booked for this payment.</p>`;
  const rows = shown.ledger.map(
    ({ operation, type, status, amount, currency, created_at }) =>
      html`<tr><td>${clockTime(created_at)}</td><td>${type}</td><td>${badge(status)}</td><td>${amountText({ amount, currency }, 'en')}</td><td><code>${operation}</code></td></tr>`,
  );
  const [first] = shown.ledger;
  const net = shown.ledger.reduce((sum, line) => sum + line.net, 0);
  const paid =
    first === undefined
      ? null
      : html`<p>The payer has paid, all in all: <strong>${amountText({ amount: net, currency: first.currency }, 'en')}</strong></p>`;
  return html`<table><tr><th scope="col">when</th><th scope="col">what</th><th scope="col">status</th><th scope="col">amount</th><th scope="col">identity</th></tr>${rows}</table>${paid}`;
}

function faultList(faults: readonly ProgrammedFault[]): Html {
  if (faults.length === 0) return html`<p class="quiet">No fault is set.</p>`;
  return html`<p>Faults that are set:</p><ul>${faults.map(({ operation, fault, count }) => html`<li><code>${operation}</code>: ${fault.replaceAll('_', ' ')}, ${count} more</li>`)}</ul>`;
}

function wirePanel(name: string, title: string, lines: readonly Html[], nothing: string): Html {
  const content = lines.length === 0 ? html`<p class="quiet">${nothing}</p>` : lines;
  return html`<section aria-labelledby="${name}" data-part="${name}"><h3 id="${name}">${title}</h3>${content}</section>`;
}

function mailList(mails: readonly ShownMail[] | null): Html {
  if (mails === null) return html`<p class="quiet">There is no mailbox here.</p>`;
  if (mails.length === 0)
    return html`<p class="quiet">No mail about this payment yet. All others are in the <a href="/lab/mailbox">mailbox</a>.</p>`;
  const lines = mails.map(
    ({ id, at, to, subject, text }) =>
      html`<details data-key="mail-${id}"><summary>${clockTime(typeof at === 'number' ? at : Date.parse(at))} <strong>${subject}</strong> to ${[to].flat().map(String).join(', ')}</summary><pre>${text}</pre></details>`,
  );
  return html`${lines}<p><a href="/lab/mailbox">Mailbox</a></p>`;
}

const GOOD = ['succeeded', 'approved', 'captured', 'authorized'];
const BAD = ['declined', 'failed', 'canceled', 'expired', 'reversed'];
const OPEN = ['unknown', 'sent', 'pending', 'processing', 'waiting'];

function badge(status: string): Html {
  const kind = GOOD.includes(status)
    ? 'right'
    : BAD.includes(status)
      ? 'wrong'
      : OPEN.includes(status)
        ? 'open'
        : 'plain';
  return html`<span class="badge ${kind}">${status.replaceAll('_', ' ')}</span>`;
}
