import type { CallView } from '../../src/contracts/calls.js';
import { spokenAmount } from '../catalogue/spoken_amount.js';
import type { Twiml } from '../twilio/index.js';
import type { Place } from './place.js';
import type { IvrPorts } from './ports.js';
import { type Line, line, spokenAddress } from './spoken.js';
import { type Ask, type At, agentOffer, missed, putThrough, REPEAT_KEY } from './step.js';

const KEYS = {
  card: '1',
  link: '2',
  saved: '3',
  receipt: '1',
  anotherCode: '*',
} as const;
/** Longer references are told by their end. */
const REFERENCE_LENGTH_MAX = 16;
const REFERENCE_END = 8;

/** What a call hears of its payment, and what it may do about it. */
export interface Payments {
  /** What may be done now, or how it has ended. */
  present(at: At, lines: readonly Line[], change?: Partial<Place>): Promise<Twiml | null>;
  /** What came of what this call has begun. */
  tell(at: At, view: CallView): Promise<Twiml | null>;
  takeKey(at: At): Promise<Twiml | null>;
  takeKeyAfter(at: At): Promise<Twiml | null>;
  takePurchaseCode(at: At): Promise<Twiml | null>;
  /** Asks for a card, for whatever the payment waits for now. */
  askCard(at: At, view: CallView, lines: readonly Line[], change?: Partial<Place>): Promise<Twiml | null>;
  /** The way to the page: a text, or its address said twice. */
  giveLink(at: At, view: CallView, lines: readonly Line[]): Promise<Twiml | null>;
  /** A miss at a payment that may be paid. Of one that is being paid, or has ended, the caller hears that instead. */
  missedOf(at: At, again: Ask, why?: string): Promise<Twiml | null>;
}

export function createPayments({ desk, publicUrl }: Pick<IvrPorts, 'desk' | 'publicUrl'>): Payments {
  /** Where a caller who gave a code goes when there is nothing under it any more. */
  function nothing(at: At): Twiml {
    const place = { ...at.place, payment: null, prompt: null };
    if (at.place.reach !== null) return at.document(place).end([line('end.goodbye')]);
    return at.document(place).digits('code', [line('code.unknown'), line('code.ask')]);
  }

  const present: Payments['present'] = async (at, lines, change) => {
    const view = await viewOf(at);
    if (view === null) return nothing(at);
    if (isUnderWay(view)) {
      const said = view.prompt === null ? 'wait.look' : view.own?.isLatest === true ? 'wait.begun' : 'wait.elsewhere';
      return at.document(at.place).goOn('wait', [...lines, line(said)]);
    }
    if (!isPayable(view)) return tell(at, view);
    return offer(at, view, lines, change);
  };

  function viewOf({ place, caller }: At): Promise<CallView | null> {
    return place.payment === null ? Promise.resolve(null) : desk.view(place.payment, caller.call);
  }

  function offer(at: At, view: CallView, lines: readonly Line[], change?: Partial<Place>): Twiml {
    const merchant = nameOf(at, view);
    const { takesCard, hasPage } = view;
    if (!takesCard && !hasPage) {
      return at.document(at.place).end([...lines, line('payment.nowhere', { merchant }), line('end.goodbye')]);
    }
    const isElsewhere = view.prompt?.prompt.kind === 'follow';
    const before = [...lines, ...(view.mode === 'test' ? [line('payment.test')] : [])];
    const payment = [line('payment.is', { merchant, amount: amountOf(at, view) })];
    const elsewhere = [line('payment.elsewhere'), ...(takesCard ? [line('payment.here')] : [])];
    const told = [before, payment, isElsewhere ? elsewhere : []];
    return at.document(at.place).menu('menu', [...told, choicesOf(at, view)], change);
  }

  function choicesOf({ place }: At, view: CallView): Line[] {
    const { takesCard, hasPage } = view;
    const { agent } = view.merchant;
    return [
      ...(takesCard ? [line('menu.card', { key: KEYS.card })] : []),
      ...(hasPage ? [line('menu.link', { key: KEYS.link })] : []),
      // Where a card may be keyed this key works too, but nobody has to listen to it.
      ...(takesCard || !asksForCard(view) ? [] : [line('menu.saved', { key: KEYS.saved })]),
      ...agentOffer(agent),
      line('menu.repeat', { key: REPEAT_KEY }),
      ...(place.reach === null && agent === null ? [line('menu.another_code')] : []),
    ];
  }

  async function takeKey(at: At): Promise<Twiml | null> {
    const view = await viewOf(at);
    if (view === null) return nothing(at);
    const isOpen = isPayable(view);
    if (at.digits === KEYS.card && isOpen && view.takesCard) return askCard(at, view, [line('card.how')]);
    if (at.digits === KEYS.link && isOpen && view.hasPage) return giveLink(at, view, []);
    if (at.digits === KEYS.saved && asksForCard(view)) return askPurchaseCode(at, view.prompt?.id ?? '', []);
    const person = putThrough(at, view.merchant.agent);
    if (person !== null) return person;
    if (at.digits === KEYS.anotherCode && at.place.reach === null) {
      return at.document({ ...at.place, payment: null }).digits('code', [line('code.ask')]);
    }
    if (at.digits === REPEAT_KEY || !isOpen) return present(at, []);
    return missedOf(at, present);
  }

  /** Looks before anything is said: what was paid meanwhile, or may have been, is not told as if nothing was charged. */
  const missedOf: Payments['missedOf'] = async (at, again, why) => {
    const view = await viewOf(at);
    if (view === null || !isPayable(view)) return present(at, []);
    return missed(at, again, { ...(why !== undefined && { why }), ending: ['end.uncharged', 'end.strikes'] });
  };

  function askPurchaseCode(at: At, prompt: string, lines: readonly Line[], change?: Partial<Place>): Twiml {
    return at.document(at.place).digits('saved', [...lines, line('saved.ask')], { ...change, prompt });
  }

  async function takePurchaseCode(at: At): Promise<Twiml | null> {
    const { place, caller } = at;
    const { payment, prompt } = place;
    if (payment === null || prompt === null) return present(at, []);
    const again: Ask = (once, lines, change) => askPurchaseCode(once, prompt, lines, change);
    const typed = at.digits.slice(at.digits.lastIndexOf('*') + 1);
    if (at.digits === '') return missedOf(at, again);
    if (typed === '') return again(at, [line('code.restart')], { strikes: place.strikes });
    const taken = await desk.takeSavedCard(payment, prompt, typed, caller);
    if (taken === 'taken') return at.document(place).goOn('wait', [line('wait.begun')]);
    // It may be under way since this webhook came first: what came of it is looked for, and nothing is said of it yet.
    if (taken === 'unclear') return at.document(place).goOn('wait', [line('wait.look')]);
    if (taken === 'refused') return missedOf(at, again, 'saved.refused');
    const view = await viewOf(at);
    if (taken === 'stale' || view === null) return present(at, []);
    return giveLink(at, view, [line(taken === 'too_many' ? 'saved.too_many' : 'card.needs_page')]);
  }

  const askCard: Payments['askCard'] = async (at, view, lines, change) => {
    const { kind } = view.prompt?.prompt ?? { kind: 'result' };
    const isBegun = (kind === 'follow' || kind === 'card') && !asksForCard(view);
    if (isBegun && view.prompt !== null) await desk.leave(view.payment, view.prompt.id, at.caller);
    const now = isBegun ? await viewOf(at) : view;
    const open = now?.prompt ?? null;
    // Somebody else went on with it meanwhile.
    if (now === null || open === null || !asksForCard(now)) return present(at, lines);
    const { payment, money } = view;
    const wanted = { payment, prompt: open.id, call: at.caller.call, currency: money.currency };
    return at.document(at.place).card(lines, wanted, change);
  };

  async function giveLink(at: At, view: CallView, lines: readonly Line[]): Promise<Twiml | null> {
    const document = at.document(at.place);
    // Paid, or being paid, since it was looked at: nobody is sent to a page to do it again.
    const now = await viewOf(at);
    if (now === null || !isPayable(now)) return present(at, []);
    if (await desk.textLink(view.payment)) return document.end([...lines, line('link.sent'), line('end.goodbye')]);
    if (!view.hasPage) {
      return document.end([...lines, line('payment.nowhere', { merchant: nameOf(at, view) }), line('end.goodbye')]);
    }
    return document.end([...lines, line('link.page'), ...addressTwice(at, view), line('end.goodbye')]);
  }

  /** To be written down: the address and the code, said twice. */
  function addressTwice({ place }: At, { code }: CallView): Line[] {
    const address = spokenAddress(`${publicUrl}/link`, place.language);
    const once = [
      line('link.address', { address }),
      ...(code === null ? [] : [line('link.code', { code: { digits: code } })]),
    ];
    return [...once, line('link.once_more'), ...once];
  }

  const tell: Payments['tell'] = async (at, view) => {
    const { own } = view;
    if (own?.isPaid === true) return tellPaid(at, view, []);
    if (isPayable(view) && own?.isLatest === true && own.decline !== null) {
      const { code, advice } = own.decline;
      const why = line(`declined.${code}`);
      if (advice === 'other_channel' || code === 'authentication_required') return giveLink(at, view, [why]);
      return offer(at, view, [why]);
    }
    if (isPayable(view) || isUnderWay(view)) return present(at, []);
    const merchant = nameOf(at, view);
    return at
      .document(at.place)
      .end([line(ENDINGS[view.status] ?? 'outcome.review', { merchant }), line('end.goodbye')]);
  };

  function tellPaid(at: At, view: CallView, lines: readonly Line[], change?: Partial<Place>): Twiml {
    const parameters = { amount: amountOf(at, view), merchant: nameOf(at, view) };
    const told = line(view.status === 'requires_capture' ? 'outcome.reserved' : 'outcome.paid', parameters);
    const choices = [
      line('receipt.offer', { key: KEYS.receipt }),
      ...agentOffer(view.merchant.agent),
      line('menu.repeat', { key: REPEAT_KEY }),
    ];
    return at.document(at.place).menu('after', [[...lines, told], referenceTwice(view), choices], change);
  }

  async function takeKeyAfter(at: At): Promise<Twiml | null> {
    const view = await viewOf(at);
    if (view === null || view.own?.isPaid !== true || at.digits === '') {
      return at.document(at.place).end([line('end.goodbye')]);
    }
    const person = putThrough(at, view.merchant.agent);
    if (person !== null) return person;
    if (at.digits === REPEAT_KEY) return tellPaid(at, view, []);
    if (at.digits !== KEYS.receipt) {
      const again: Ask = (once, lines, change) => tellPaid(once, view, lines, change);
      return missed(at, again, { ending: ['end.goodbye'] });
    }
    const text = await desk.textReceipt(view.payment, at.caller.call);
    const merchant = nameOf(at, view);
    const told =
      text !== null
        ? [line('receipt.sent', { ending: { digits: text.ending } })]
        : view.hasPage
          ? [line('receipt.page'), ...addressTwice(at, view)]
          : [line('receipt.none', { merchant })];
    return at.document(at.place).end([...told, line('end.goodbye')]);
  }

  return { present, tell, takeKey, takeKeyAfter, takePurchaseCode, askCard, giveLink, missedOf };
}

/** Whether the payer is asked for something: nothing was charged, and nothing is under way. */
export function isPayable({ prompt }: CallView): boolean {
  return prompt !== null && prompt.prompt.kind !== 'wait' && prompt.prompt.kind !== 'result';
}

const OPEN: ReadonlySet<CallView['status']> = new Set(['requires_payment_method', 'requires_action', 'processing']);

/** Whether money may be moving, or nobody has looked at how it ends yet: it is not told that nothing was charged. */
export function isUnderWay({ prompt, status }: CallView): boolean {
  if (prompt === null) return OPEN.has(status);
  return prompt.prompt.kind === 'wait';
}

/** Whether a card is what begins it, and not something that is going on. */
function asksForCard({ prompt }: CallView): boolean {
  const asked = prompt?.prompt;
  return asked?.kind === 'choose' || (asked?.kind === 'card' && asked.ask === 'all');
}

const ENDINGS: Partial<Record<CallView['status'], string>> = {
  succeeded: 'outcome.already_paid',
  requires_capture: 'outcome.already_paid',
  partially_captured: 'outcome.already_paid',
  failed: 'outcome.refused',
  canceled: 'outcome.canceled',
  expired: 'outcome.expired',
  requires_review: 'outcome.review',
};

const nameOf = ({ place }: At, { merchant }: CallView): string => merchant.spokenName[place.language];
const amountOf = ({ place }: At, { money }: CallView): string => spokenAmount(money, place.language);

function referenceTwice({ own }: CallView): Line[] {
  const whole = own?.reference ?? '';
  if (whole === '') return [];
  const isLong = whole.length > REFERENCE_LENGTH_MAX;
  const reference = { characters: isLong ? whole.slice(-REFERENCE_END) : whole };
  const first = line(isLong ? 'outcome.reference_end' : 'outcome.reference', { reference });
  return [first, line('outcome.once_more', { reference })];
}
