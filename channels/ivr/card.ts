import type { CallView } from '../../src/contracts/calls.js';
import type { Twiml } from '../twilio/index.js';
import { isPayable, isUnderWay, type Payments } from './payments.js';
import type { IvrPorts } from './ports.js';
import { type Line, line } from './spoken.js';
import type { Answer, At } from './step.js';

/** How long one webhook looks for the outcome: far below what the provider allows. */
const LOOK_MS = 1_500;
const WAITS_MAX = 24;
/** How many silent waits there are between two sentences. */
const SPEAKS_EVERY = 3;

/** What our pay connector said, in words. */
const CONNECTOR_ERRORS: Readonly<Record<string, string>> = {
  invalid_card_number: 'card.number_refused',
  invalid_expiry_date: 'card.expiry_refused',
  invalid_security_code: 'card.security_code_refused',
};

/** After the card was keyed: it is taken, and the caller waits for what the bank says. */
export function createCardSteps({ desk }: Pick<IvrPorts, 'desk'>, payments: Payments) {
  function viewOf({ place, caller }: At): Promise<CallView | null> {
    return place.payment === null ? Promise.resolve(null) : desk.view(place.payment, caller.call);
  }

  async function keyed(at: At): Promise<Twiml | null> {
    const { request } = at;
    switch (request.field('Result')) {
      case 'success':
        return take(at);
      case 'caller-hung-up':
        return null;
      case 'caller-interrupted-with-star':
        return left(at);
      case 'payment-connector-error':
        return refused(at, request.field('ConnectorError'));
      default:
        return again(at, 'card.failed');
    }
  }

  async function left(at: At): Promise<Twiml | null> {
    const view = await viewOf(at);
    // Paid elsewhere meanwhile, it is told so, and nothing else.
    return payments.present(at, view !== null && isPayable(view) ? [line('card.left')] : []);
  }

  async function take(at: At): Promise<Twiml | null> {
    const { place, caller, request } = at;
    if (place.payment === null || place.prompt === null) return again(at, 'card.failed');
    switch (await desk.takeKeyedCard(place.payment, place.prompt, request.field('PaymentToken'), caller)) {
      case 'taken':
        return at.document(place).goOn('wait', [line('wait.begun')]);
      case 'stale':
        return payments.present(at, []);
      case 'lost':
        return again(at, 'card.failed');
      case 'needs_authentication': {
        const view = await viewOf(at);
        return view === null ? payments.present(at, []) : payments.giveLink(at, view, [line('card.needs_page')]);
      }
    }
  }

  async function refused(at: At, said: string): Promise<Twiml | null> {
    // The provider may put words of its own around ours.
    const code = Object.keys(CONNECTOR_ERRORS).find((known) => said.includes(known));
    if (code !== undefined) return again(at, CONNECTOR_ERRORS[code] ?? 'card.failed');
    if (said.includes('payment_closed')) return payments.present(at, []);
    if (!said.includes('too_many_tries')) return again(at, 'card.failed');
    const view = await viewOf(at);
    const lines = [line('card.too_many')];
    return view === null ? payments.present(at, []) : payments.giveLink(at, view, lines);
  }

  /** Asks for the card once more, unhurried; the third time ends. Of what is paid by now it tells that. */
  function again(at: At, why: string): Answer {
    return payments.missedOf(
      at,
      async (once, lines, change) => {
        const view = await viewOf(once);
        if (view === null) return payments.present(once, lines);
        return payments.askCard(once, view, lines, change);
      },
      why,
    );
  }

  async function wait(at: At): Promise<Twiml | null> {
    const { place } = at;
    const before = await viewOf(at);
    if (before === null || place.payment === null) return payments.present(at, []);
    if (isUnderWay(before)) await desk.watch(place.payment, before.version, LOOK_MS);
    const view = isUnderWay(before) ? await viewOf(at) : before;
    if (view === null) return payments.present(at, []);
    if (!isUnderWay(view)) return payments.tell(at, view);
    const waits = place.waits + 1;
    if (waits > WAITS_MAX) {
      const merchant = view.merchant.spokenName[place.language];
      return at.document(place).end([line('wait.long', { merchant }), line('end.goodbye')]);
    }
    const lines: Line[] = waits % SPEAKS_EVERY === 0 ? [line('wait.still')] : [];
    return at.document(place).goOn('wait', lines, { waits });
  }

  return { keyed, wait };
}
