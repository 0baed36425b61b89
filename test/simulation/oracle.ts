import type { Attempt, Operation, Payment } from '../../src/contracts/payment.js';
import type { Store } from '../../src/contracts/store.js';
import type { CardFace } from '../../src/contracts/vault.js';
import type { Account } from './acquirer.js';
import { cardBehind } from './face.js';

/**
 * The invariants. The model acquirer's ledger is the truth; each check answers sentences, none when all is well.
 * The sums are made here anew, so that a bug in the engine's own cannot hide itself.
 */

function sumOf(attempt: Attempt, type: Operation['type'], isMeant: (operation: Operation) => boolean): number {
  const meant = attempt.operations.filter((operation) => operation.type === type && isMeant(operation));
  return meant.reduce((total, { amount, actual }) => total + (actual ?? amount), 0);
}

const isApproved = ({ status }: Operation): boolean => status === 'approved';
/** Approved, or perhaps approved. */
const mayBeApproved = ({ settledAt, status }: Operation): boolean => settledAt === null || status === 'approved';

interface Sums {
  readonly approved: number;
  readonly captured: number;
  readonly voided: number;
  readonly refunded: number;
}

function sumsOf(attempt: Attempt): Sums {
  const held = (own: Operation): boolean => isApproved(own) && !own.reversed && own.settledAt !== null;
  const approved = sumOf(attempt, 'authorize', held);
  if (approved === 0) return NOTHING;
  return {
    approved,
    captured: sumOf(attempt, 'authorize', (own) => held(own) && own.captured) + sumOf(attempt, 'capture', isApproved),
    voided: sumOf(attempt, 'void', isApproved),
    refunded: sumOf(attempt, 'refund', isApproved),
  };
}

/** Holds at every moment: checked after each commit. */
export function checkCommitted(payment: Payment): string[] {
  const wrong: string[] = [];
  const isAtRest = ['succeeded', 'canceled', 'failed', 'expired', 'requires_review'].includes(payment.status);
  if (!isAtRest && payment.dueAt === null) wrong.push(`${payment.id} is ${payment.status} and nothing is due`);
  if (payment.status === 'failed' && payment.attempts.some((attempt) => attempt.late === null && isOpen(attempt))) {
    wrong.push(`${payment.id} is called failed while an outcome is unknown`);
  }
  const accepted = payment.attempts.filter(({ late }) => late === null || late === 'kept').map(sumsOf);
  const counted = accepted.reduce((total, { approved, voided }) => total + approved - voided, 0);
  if (counted > payment.amount) wrong.push(`${payment.id} counts ${counted} of ${payment.amount}`);
  for (const attempt of payment.attempts) wrong.push(...checkAttempt(attempt));
  if (payment.attempts.filter(({ flow }) => flow !== null).length > 1)
    wrong.push(`${payment.id} runs two flows at once`);
  // Unless a person decided so.
  const wasReviewed = payment.events.some(({ type }) => type === 'payment.requires_review');
  if (
    !wasReviewed &&
    payment.terms.lateMoney === 'return' &&
    payment.attempts.some(({ late }) => late === 'kept' || late === 'review')
  ) {
    wrong.push(`${payment.id} keeps late money that was to be returned`);
  }
  const isFree = ['canceled', 'failed', 'expired'].includes(payment.status);
  if (payment.status !== 'requires_review' && isFree === (payment.openReference !== null)) {
    wrong.push(`${payment.id} is ${payment.status} and its reference is ${isFree ? 'taken' : 'free'}`);
  }
  wrong.push(...checkProofs(payment));
  const keys = payment.requests.map(({ key }) => key);
  if (new Set(keys).size < keys.length) wrong.push(`${payment.id} did twice what one key asked for`);
  const last = payment.events.at(-1)?.type;
  if ((last === 'payment.canceled' || last === 'payment.expired') && payment.attempts.some(isOpen)) {
    wrong.push(`${payment.id} is called ${payment.status} while money is in doubt`);
  }
  payment.events.forEach(({ sequence }, index) => {
    if (sequence !== index + 1) wrong.push(`${payment.id} skips sequence ${index + 1}`);
  });
  return wrong;
}

/**
 * A card whose authentication was refused, left or asked for comes back only with authentication, whatever channel it comes
 * by and whichever key recognises it; and each channel goes without only where it may.
 */
function checkProofs(payment: Payment): string[] {
  const { attempts } = payment;
  return attempts.flatMap((attempt, index) => {
    const { id, initiator, face } = attempt;
    const isSuspect = attempts.slice(0, index).some((before) => isSameCard(before.face, face) && needsHolder(before));
    const wrong = initiator === 'holder' || mayGoWithout(payment, attempt) ? [] : [`${id} goes without proof`];
    if (!BROWSERS.has(attempt.channel) && initiator === 'holder') wrong.push(`${id} has nobody to authenticate`);
    if (isSuspect && initiator !== 'holder') wrong.push(`${id} takes a suspect card without proof`);
    return wrong;
  });
}

/** Where a holder can be sent to their bank. */
const BROWSERS: ReadonlySet<string> = new Set(['web']);

function isSameCard(one: CardFace | null, other: CardFace | null): boolean {
  return one !== null && other !== null && cardBehind(one) === cardBehind(other);
}

function needsHolder({ authentication, decline }: Attempt): boolean {
  return ['refused', 'unfinished'].includes(authentication?.state ?? '') || decline?.code === 'authentication_required';
}

/** Telephone orders as agreed; stored cards by word of their payer, or of their merchant. */
function mayGoWithout({ mode, origin, terms }: Payment, { channel, initiator, stored, device }: Attempt): boolean {
  if (initiator === 'telephone_order') {
    const { telephoneOrders: agreed } = terms;
    const isAgreed = mode === 'test' || agreed === 'any' || (agreed === 'begun_by_phone' && origin === 'telephone');
    return channel === 'ivr' && !stored && isAgreed;
  }
  if (channel === 'sms') return stored && device?.id.startsWith('text:') === true;
  return channel === 'api' || ((channel === 'ivr' || channel === 'tv') && stored);
}

function checkAttempt(attempt: Attempt): string[] {
  const wrong: string[] = [];
  const { approved, captured, voided } = sumsOf(attempt);
  if (captured + voided > approved) wrong.push(`${attempt.id} captured or voided more than authorized`);
  const refunded = sumOf(attempt, 'refund', mayBeApproved);
  if (approved > 0 && refunded > captured) wrong.push(`${attempt.id} may have refunded ${refunded} of ${captured}`);
  const exclusive = attempt.operations.filter(
    ({ type, settledAt, reversed }) => type !== 'refund' && type !== 'reverse' && settledAt === null && !reversed,
  );
  if (exclusive.length > 1) wrong.push(`${attempt.id} has ${exclusive.length} unsettled operations`);
  return wrong;
}

function isOpen({ operations }: Attempt): boolean {
  return operations.some(({ type, settledAt }) => type !== 'refund' && settledAt === null);
}

/** Holds at every moment at the acquirer; with an acquirer that forgets early reversals, at rest. */
export function checkLedger(accounts: readonly Account[], amounts: ReadonlyMap<string, number>): string[] {
  const wrong: string[] = [];
  const net = new Map<string, number>();
  for (const account of accounts) {
    const { payment, approved, captured, voided, refunded, reversed } = account;
    if (captured + voided > approved)
      wrong.push(`${payment}: captured ${captured} and voided ${voided} of ${approved}`);
    if (refunded > captured) wrong.push(`${payment}: refunded ${refunded} of ${captured}`);
    if (reversed && refunded > 0)
      wrong.push(`${payment}: reversed ${approved} after refunding ${refunded}: gave back twice`);
    if (!reversed) net.set(payment, (net.get(payment) ?? 0) + approved - voided - refunded);
  }
  for (const [payment, sum] of net) {
    const amount = amounts.get(payment) ?? 0;
    if (sum > amount) wrong.push(`${payment}: approvals of ${sum} for ${amount}: charged twice`);
  }
  return wrong;
}

/** At rest our truth equals the acquirer's, and everything was told. */
export async function checkAtRest(
  store: Store,
  id: string,
  ledger: ReadonlyMap<string, Account>,
  now: number,
  mayNeedPerson: boolean,
): Promise<string[]> {
  const payment = await store.payments.load(id);
  if (payment === null) return [`${id} was acknowledged and is not there`];
  const wrong = checkCommitted(payment);
  if (payment.review?.reason === 'quarantine' && !mayNeedPerson)
    wrong.push(`${id} is quarantined: ${payment.review.detail}`);
  if (payment.status === 'processing') wrong.push(`${id} is stuck in processing`);
  if (payment.review === null && payment.attempts.some(isOpen)) wrong.push(`${id} has an unsettled operation at rest`);
  // Quarantine stops everything until a person has looked: what was under way is not known yet.
  const isStopped = payment.review?.reason === 'quarantine';
  if (isStopped && payment.attempts.some(({ operations }) => operations.some(({ settledAt }) => settledAt === null))) {
    return wrong;
  }
  if (payment.review === null) wrong.push(...checkCards(payment));
  const ours = new Map<string, Attempt>();
  for (const attempt of payment.attempts) {
    for (const { id: operation, type } of attempt.operations) if (type === 'authorize') ours.set(operation, attempt);
  }
  for (const [operation, account] of ledger) {
    if (account.payment !== id) continue;
    const attempt = ours.get(operation);
    if (attempt === undefined) wrong.push(`${id}: the acquirer has ${operation}, we do not`);
    else wrong.push(...compare(payment, attempt, operation, account));
  }
  for (const [operation, attempt] of ours) {
    if (
      !ledger.has(operation) &&
      attempt.operations.some((own) => own.id === operation && own.status === 'approved' && !own.reversed)
    ) {
      wrong.push(`${id}: we hold ${operation} approved, the acquirer does not`);
    }
  }
  const isHeld = payment.attempts.some((attempt) => attempt.captureBefore !== null && attempt.captureBefore < now);
  if (isHeld && ['requires_capture', 'partially_captured'].includes(payment.status)) {
    wrong.push(`${id} is ${payment.status} though its hold is over`);
  }
  const told = await store.feed.ofPayment(id);
  const want = payment.events.map((event) => event.id).join();
  if (told.map(({ event }) => event.id).join() !== want) wrong.push(`${id}: the feed does not tell what happened`);
  return wrong;
}

/** A card is in its payer's account or in no hands at all; nobody waits for it, and what was not approved is not kept. */
function checkCards({ id, attempts }: Payment): string[] {
  return attempts.flatMap((attempt) => {
    const { card, stored, flow, save, late } = attempt;
    if (flow !== null) return [];
    const wrong: string[] = [];
    if (card !== null && !stored) wrong.push(`${id}: ${attempt.id} holds a card at rest`);
    if (save?.state === 'due') wrong.push(`${id}: ${attempt.id} still waits for its account`);
    if (save?.state === 'kept' && (attempt.end !== 'authorized' || late === 'returned'))
      wrong.push(`${id}: ${attempt.id} kept a card that was not approved`);
    return wrong;
  });
}

function compare(
  payment: Payment,
  attempt: Payment['attempts'][number],
  operation: string,
  account: Account,
): string[] {
  const own = attempt.operations.find(({ id }) => id === operation);
  const isOurs = own?.status === 'approved' && !own.reversed;
  const truth = account.reversed ? NOTHING : account;
  const seen = isOurs ? sumsOf(attempt) : NOTHING;
  const differences = (['approved', 'captured', 'voided', 'refunded'] as const).filter(
    (field) => truth[field] !== seen[field],
  );
  const isDone = payment.status === 'succeeded' && isOurs && attempt.late === null;
  if (isDone && truth.approved - truth.captured - truth.voided > 0) {
    return [`${payment.id} is succeeded and ${operation} still holds a remainder`];
  }
  return differences.map(
    (field) =>
      `${payment.id} (${payment.status}): ${operation} ${field} ${truth[field]} at the acquirer, ${seen[field]} here`,
  );
}

const NOTHING = { approved: 0, captured: 0, voided: 0, refunded: 0 };
