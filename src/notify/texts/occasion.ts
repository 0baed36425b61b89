import type { Merchant } from '../../contracts/merchant.js';
import { isWaitedFor } from '../../contracts/open_payment.js';
import { wantsNoTexts } from '../../contracts/payer.js';
import type { Payment } from '../../contracts/payment.js';
import type { Store } from '../../contracts/store.js';
import type { ConsentPurpose, Consents, Text, TextChallenge } from '../../contracts/text.js';
import { accountOf, bindingOf, challengeFor, type OfferPorts, WITHIN_MINUTES } from './offer.js';
import { attemptBy, outcomeOf } from './outcome.js';
import { dayIn, type Facts, languageOf, parametersOf, type Say, timeIn, wordsOf } from './writer.js';

/** A text as it is to be sent now. */
export interface Occasion {
  readonly to: string;
  readonly body: string;
  readonly challenge: TextChallenge | null;
  /** How long it may wait on its way, in seconds. */
  readonly validForSeconds: number;
}

/** `drop`: nobody needs it any more. `fail`: it cannot be sent, and another way must do. */
export type Finding = { readonly drop: string } | { readonly fail: string } | { readonly occasion: Occasion };

export interface OccasionPorts extends OfferPorts {
  readonly store: Pick<Store, 'payments' | 'merchants' | 'payers' | 'texts'>;
  readonly consents: Consents;
  readonly say: Say;
  /** The payment's page; null when none is open. */
  payLink(payment: Payment): string | null;
  readonly sums: (payment: Payment) => { readonly captured: number; readonly authorized: number };
}

const PURPOSES = {
  offer: 'payment',
  link: 'payment',
  receipt: 'receipt',
  outcome: 'receipt',
} as const satisfies Record<Text['kind'], ConsentPurpose>;

const LONGEST_SECONDS = 4 * 3_600;
const SHORTEST_SECONDS = 60;

/** Whether a text is still true and wanted, and its words as its payment is now. @throws StoreFailure */
export async function occasionOf(text: Text, ports: OccasionPorts): Promise<Finding> {
  const { store, clock } = ports;
  const { to } = text;
  if (to === null) return { drop: 'erased' };
  const [payment, merchant] = await Promise.all([
    store.payments.load(text.payment),
    store.merchants.load(text.merchant),
  ]);
  if (payment === null || merchant === null) return { drop: 'no_payment' };
  if ((await ports.consents.optedOutAt(to, PURPOSES[text.kind])) !== null) return { fail: 'opted_out' };
  if (wantsNoTexts(await accountOf(payment, store), to)) return { fail: 'opted_out' };
  const said = await saidIn(text, to, payment, merchant, ports);
  if (said === null) return { drop: 'moved_on' };
  const { key, facts, more = {}, challenge = null } = said;
  const language = languageOf(payment.payer.language);
  const parameters = { ...parametersOf(facts, language), ...more };
  const body = wordsOf(ports.say, { language, mode: payment.mode }, key, parameters);
  const isNews = text.kind === 'receipt' || text.kind === 'outcome';
  const until = isNews ? Number.POSITIVE_INFINITY : challenge === null ? payment.expiresAt : trueUntil(challenge, to);
  const seconds = Math.floor((until - clock.now()) / 1_000);
  const validForSeconds = Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, seconds));
  return { occasion: { to, body, challenge, validForSeconds } };
}

/** Until when what a text says of its digits is true of whoever gets it then. */
function trueUntil({ expiresAt }: TextChallenge, to: string): number {
  return timeIn(to, expiresAt) === null ? expiresAt - WITHIN_MINUTES * 60_000 : expiresAt;
}

interface Said {
  readonly key: string;
  readonly facts: Facts;
  readonly more?: Readonly<Record<string, string>>;
  readonly challenge?: TextChallenge;
}

async function saidIn(
  text: Text,
  to: string,
  payment: Payment,
  merchant: Merchant,
  ports: OccasionPorts,
): Promise<Said | null> {
  switch (text.kind) {
    case 'offer':
      return (await digits(text, to, payment, merchant, ports)) ?? link(payment, merchant, ports);
    case 'link':
      return link(payment, merchant, ports);
    case 'receipt':
      return receipt(to, payment, merchant, ports);
    case 'outcome':
      return outcome(text, payment, merchant, ports);
  }
}

async function digits(
  text: Text,
  to: string,
  payment: Payment,
  merchant: Merchant,
  ports: OccasionPorts,
): Promise<Said | null> {
  if (!isWaitedFor(payment, ports.clock.now())) return null;
  const challenge = await challengeFor(text, payment, merchant, ports);
  if (challenge === null) return null;
  const payer = await accountOf(payment, ports.store);
  const card = payer?.instruments.find(({ id }) => id === challenge.instrument);
  const code = ports.codes.codeOf(challenge.hash, bindingOf(text, payment, challenge));
  if (card === undefined || code === null) return null;
  const facts = { payment, merchant, last4: card.face.last4, link: null };
  const time = timeIn(to, challenge.expiresAt);
  if (time !== null) return { key: 'offer.digits', facts, more: { code, time }, challenge };
  return { key: 'offer.digits_within', facts, more: { code, minutes: String(WITHIN_MINUTES) }, challenge };
}

function link(payment: Payment, merchant: Merchant, ports: OccasionPorts): Said | null {
  const url = isWaitedFor(payment, ports.clock.now()) ? ports.payLink(payment) : null;
  return url === null ? null : { key: 'offer.link', facts: { payment, merchant, last4: null, link: url } };
}

function receipt(to: string, payment: Payment, merchant: Merchant, ports: OccasionPorts): Said | null {
  const { captured, authorized } = ports.sums(payment);
  const amount = captured > 0 ? captured : authorized;
  const paying = payment.attempts.findLast(({ status }) => status === 'captured' || status === 'authorized');
  if (amount === 0 || paying === undefined) return null;
  const facts = { payment, merchant, amount, last4: paying.face?.last4 ?? null, link: null };
  if (captured === 0) return { key: 'outcome.reserved', facts };
  const paidAt = payment.events.findLast(({ type }) => type === 'payment.succeeded')?.at ?? payment.updatedAt;
  return { key: 'receipt', facts, more: { day: dayIn(to, paidAt) } };
}

async function outcome(text: Text, payment: Payment, merchant: Merchant, ports: OccasionPorts): Promise<Said | null> {
  const offer = text.about === null ? null : await ports.store.texts.load(text.about);
  if (offer === null) return null;
  const known = outcomeOf(offer, payment);
  const attempt = attemptBy(offer, payment);
  if (known === 'pending' && attempt !== undefined) return null;
  // Somebody has begun to pay it since the digits came to nothing.
  if (known === 'pending') return { key: 'reply.busy', facts: { payment, merchant, last4: null, link: null } };
  const url = isWaitedFor(payment, ports.clock.now()) ? ports.payLink(payment) : null;
  const facts = { payment, merchant, amount: attempt?.amount, last4: attempt?.face?.last4 ?? null, link: url };
  // Without a page to go on with there is nothing that a payer could still do.
  const isOver = url === null && (known === 'authentication' || known === 'declined' || known === 'undone');
  const key = isOver ? (known === 'undone' ? 'closed' : 'refused') : known;
  return { key: `outcome.${key}`, facts };
}
