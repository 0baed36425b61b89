import type { Clock } from '../../contracts/clock.js';
import type { Merchant } from '../../contracts/merchant.js';
import { clockTimeAt } from '../../contracts/numbers.js';
import { asksForCard } from '../../contracts/open_payment.js';
import { cardToCharge, isPhoneSettled, type Payer, type StoredInstrument } from '../../contracts/payer.js';
import type { Payment } from '../../contracts/payment.js';
import type { OpenPrompt } from '../../contracts/prompt.js';
import type { Store } from '../../contracts/store.js';
import type { Text, TextBinding, TextChallenge, TextCodes } from '../../contracts/text.js';
import { mayBeSameCard } from '../../contracts/vault.js';

export interface OfferPorts {
  readonly store: Pick<Store, 'payers' | 'texts'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly codes: TextCodes;
  /** True where our texts cannot be answered: a name instead of a number stands as their sender. */
  readonly isOneWay: boolean;
  /** What stands for a number, one name for each key. */
  numberNames(number: string): readonly string[];
  openPromptOf(payment: Payment, now: number): OpenPrompt | null;
}

const DIGITS_WORK_FOR_MS = 10 * 60_000;
/** With less time than this left, digits are drawn anew, or not offered. */
const WORTH_SENDING_MS = 2 * 60_000;
/**
 * What a text says where nobody knows what the clock of its reader shows. Less than digits work for, so that it is true of
 * one that arrives later, and the same at each sending.
 */
export const WITHIN_MINUTES = 5;
/** Other texts to this number whose digits must differ. */
const OTHERS_MAX = 20;

/** Six digits for a payer with a stored card, or null: then the text carries the link. */
export async function challengeFor(
  text: Text,
  payment: Payment,
  merchant: Merchant,
  ports: OfferPorts,
): Promise<TextChallenge | null> {
  const now = ports.clock.now();
  const card = await offeredCard(text, payment, merchant, ports);
  if (card === null) return null;
  const known = text.challenge;
  const isGood = known?.state === 'open' && known.instrument === card.id && isWorthSending(text, known.expiresAt, now);
  if (isGood && ports.codes.codeOf(known.hash, bindingOf(text, payment, known)) !== null) return known;
  const others = await ports.store.texts.withDigitsTo(text.number === null ? [] : [text.number], OTHERS_MAX);
  // Digits that another open text has already are drawn again, by another second of their end.
  for (let expiresAt = expiryOf(payment, now); isWorthSending(text, expiresAt, now); expiresAt -= 1_000) {
    const challenge = newChallenge(text, payment, card, expiresAt, ports.codes);
    const digits = ports.codes.codeOf(challenge.hash, bindingOf(text, payment, challenge)) ?? '';
    if (!others.some((other) => other.id !== text.id && isDigitsOf(other, digits, payment, ports.codes)))
      return challenge;
  }
  return null;
}

/** The account that a payment is of; null without one. */
export async function accountOf(
  { merchant, mode, payer }: Payment,
  store: { readonly payers: Pick<Store['payers'], 'byAccount'> },
): Promise<Payer | null> {
  return payer.account === null ? null : store.payers.byAccount(merchant, mode, payer.account);
}

function isWorthSending({ to }: Text, expiresAt: number, now: number): boolean {
  const isTime = to !== null && clockTimeAt(to, expiresAt) !== null;
  return now + (isTime ? WORTH_SENDING_MS : WITHIN_MINUTES * 60_000) <= expiresAt;
}

function expiryOf({ expiresAt }: Payment, now: number): number {
  return Math.min(now + DIGITS_WORK_FOR_MS, expiresAt);
}

function newChallenge(
  text: Text,
  payment: Payment,
  { id: instrument }: StoredInstrument,
  expiresAt: number,
  codes: TextCodes,
): TextChallenge {
  const terms = { instrument, amount: payment.amount, expiresAt };
  const hash = codes.hashOf(bindingOf(text, payment, terms));
  return { hash, ...terms, tried: [], state: 'open', answer: null };
}

/** Of another payment the currency is not known here: two that differ in it alone are taken as the same, which costs a second. */
function isDigitsOf({ id, number, payment, challenge }: Text, digits: string, one: Payment, codes: TextCodes): boolean {
  if (challenge === null || challenge.state !== 'open' || number === null) return false;
  return codes.isCode(challenge.hash, digits, {
    ...{ text: id, number, payment, currency: one.currency },
    ...{ amount: challenge.amount, instrument: challenge.instrument, expiresAt: challenge.expiresAt },
  });
}

type Terms = Pick<TextChallenge, 'instrument' | 'amount' | 'expiresAt'>;

/** What the digits of a text are bound to. */
export function bindingOf({ id: text, number }: Text, { id: payment, currency }: Payment, terms: Terms): TextBinding {
  const { instrument, amount, expiresAt } = terms;
  return { text, number: number ?? '', payment, amount, currency, instrument, expiresAt };
}

/**
 * The card that the digits charge: of the payer's account, if the text goes to the number that the account keeps, within the
 * merchant's limit, and while nothing has been tried that asks for more than digits.
 */
async function offeredCard(
  { to }: Text,
  payment: Payment,
  { profile }: Merchant,
  ports: OfferPorts,
): Promise<StoredInstrument | null> {
  const { amount, currency, channels, payer: order, attempts } = payment;
  const limit = profile.smsConfirmLimit[currency];
  const isWithin = limit !== undefined && amount > 0 && amount <= limit;
  if (ports.isOneWay || !isWithin || !channels.includes('sms') || order.account === null) return null;
  if (!asksForCard(ports.openPromptOf(payment, ports.clock.now()))) return null;
  const payer = await accountOf(payment, ports.store);
  if (payer === null || payer.erasedAt !== null || payer.phone === null || payer.phone !== to) return null;
  if (!isPhoneSettled(payer, ports.clock.now())) return null;
  const card = cardToCharge(payer, ports.clock.now());
  const wasRefused = attempts.some(
    ({ face, decline, authentication }) =>
      face !== null && card !== null && mayBeSameCard(face, card.face) && (decline !== null || authentication !== null),
  );
  return wasRefused ? null : card;
}
