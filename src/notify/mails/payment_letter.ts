import { amountText } from '../../contracts/money.js';
import type { Payment } from '../../contracts/payment.js';
import type { Action, Letter } from './letter.js';
import { type Occasion, refundOf, type Sums } from './occasion.js';
import { lastDecline } from './outcomes.js';
import { factsOf, type Told } from './payment_facts.js';
import type { Say } from './words.js';
import { letterOf, type Pen, referenceOf, supportOf } from './writing.js';

export interface PaymentLetterPorts {
  readonly say: Say;
  /** The payment's page; null when none is open. */
  payLink(payment: Payment): string | null;
  readonly sums: (payment: Payment) => Sums;
}

/** The letter of a mail about a payment, as the payment is now. */
export function paymentLetter(occasion: Occasion & { payment: Payment }, pen: Pen, ports: PaymentLetterPorts): Letter {
  const { mail, merchant, payment } = occasion;
  const { say } = pen;
  const told = toldOf(occasion, ports.sums(payment));
  const { currency } = payment;
  const parameters = {
    amount: amountText({ amount: told.amount, currency }, pen.language),
    whole: amountText({ amount: payment.amount, currency }, pen.language),
    reference: referenceOf(payment),
  };
  const words = `${mail.audience}.${wordsOf(told)}`;
  const isPayer = mail.audience === 'payer';
  const action = actionOf(told, words, parameters, pen, ports);
  const closing = isPayer
    ? [say(action === null ? 'mail.operator' : 'mail.operator_link'), say(whyOf(occasion))]
    : [say('mail.why_merchant')];
  return letterOf(pen, {
    subject: say(`${words}.subject`, parameters),
    accent: merchant.profile.accentColour,
    title: say(`${words}.title`, parameters),
    texts: textKeys(told, words).map((key) => say(key, parameters)),
    action,
    facts: factsOf(told, pen, ports.say),
    support: isPayer ? supportOf(merchant, pen) : null,
    closing,
  });
}

function toldOf({ mail, payment }: Occasion & { payment: Payment }, sums: Sums): Told {
  const { kind, audience } = mail;
  const { authorized, captured, refunded } = sums;
  const refund = kind === 'refunded' || kind === 'refund_failed' ? (refundOf(payment, mail.about) ?? null) : null;
  const moved = kind === 'paid' ? captured : kind === 'reserved' ? authorized : payment.amount;
  return { kind, audience, payment, amount: refund?.amount ?? moved, refund, refunded, captured };
}

/** Under which words it stands: nothing is paid where a card is to be saved. */
function wordsOf({ kind, payment }: Told): string {
  return kind === 'link' && payment.amount === 0 ? 'link_save' : kind;
}

/** The sentences, in order. */
function textKeys(told: Told, words: string): string[] {
  const { kind, audience, payment, amount } = told;
  if (audience === 'merchant') return [`${words}.text`];
  const decline = (lastDecline(payment) ?? payment.attempts.findLast((attempt) => attempt.decline !== null))?.decline;
  switch (kind) {
    case 'refused':
      return [`decline.${decline?.code ?? 'other'}`, 'payer.refused.next'];
    case 'declined': {
      const isOther = decline?.advice === 'other_instrument';
      return [`decline.${decline?.code ?? 'other'}`, `payer.declined.${isOther ? 'other_instrument' : 'retry'}`];
    }
    case 'paid': {
      const isKept = payment.attempts.some(({ save }) => save?.state === 'kept');
      const isPart = amount < payment.amount;
      return [`${words}.text`, ...(isPart ? ['payer.paid.part'] : []), ...(isKept ? ['payer.paid.card_saved'] : [])];
    }
    default:
      return [`${words}.text`];
  }
}

function actionOf(
  { kind, audience, payment }: Told,
  words: string,
  parameters: Readonly<Record<string, string>>,
  { say }: Pen,
  ports: PaymentLetterPorts,
): Action | null {
  if (audience !== 'payer' || (kind !== 'declined' && kind !== 'link')) return null;
  const url = ports.payLink(payment);
  return url === null ? null : { label: say(`${words}.action`, parameters), url, note: say('mail.link_secret') };
}

function whyOf({ mail, payment }: Occasion & { payment: Payment }): string {
  if (mail.to !== null) return 'mail.why_receipt';
  return payment.amount === 0 ? 'mail.why_account' : 'mail.why_payer';
}
