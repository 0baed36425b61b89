/** What must hold when all is quiet: ours against the sandbox's own ledger, in sums that are made here anew. */
import type { Book, Order } from './merchants.js';
import { type Caller, get } from './requests.js';

interface Operation {
  readonly id: string;
  readonly type: string;
  readonly status: string;
}

/** The parts of a payment's public shape that are looked at. */
export interface ShownPayment {
  readonly id: string;
  readonly reference: string;
  readonly status: string;
  readonly amount: number;
  /** The sequence of its last event. */
  readonly version: number;
  readonly amount_authorized: number;
  readonly amount_captured: number;
  readonly amount_refunded: number;
  readonly amount_capturable: number;
  readonly attempts: readonly { readonly next_check_at: string | null; readonly operations: readonly Operation[] }[];
}

/** A line of the sandbox's ledger; sums are of authorizations that stand. */
export interface LedgerLine {
  readonly operation: string;
  readonly payment: string;
  readonly type: string;
  readonly status: string;
  readonly amount: number;
  readonly authorized: number;
  readonly captured: number;
  readonly voided: number;
  readonly refunded: number;
  readonly held: number;
}

export interface Bank {
  readonly url: string;
  readonly credential: string;
}

export async function allPayments(caller: Caller): Promise<ShownPayment[]> {
  const found: ShownPayment[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const page = await get(caller, `/v1/payments?limit=100${after === '' ? '' : `&after=${after}`}`);
    found.push(...(page.body['data'] as ShownPayment[]));
    after = page.body['next'] as string | null;
  }
  return found;
}

export async function ledgerOf({ url, credential }: Bank): Promise<LedgerLine[]> {
  const lines: LedgerLine[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const headers = { authorization: `Bearer ${credential}` };
    const response = await fetch(`${url}/ledger?limit=1000&after=${after}`, { headers });
    const page = (await response.json()) as { operations: LedgerLine[]; next: number | null };
    lines.push(...page.operations);
    after = page.next;
  }
  return lines;
}

const WAITING = ['processing', 'requires_action'];

/** True when nothing more happens by itself. */
export function isAtRest({ status, attempts }: ShownPayment): boolean {
  return !WAITING.includes(status) && attempts.every(({ next_check_at }) => next_check_at === null);
}

/** What kind of harm was done, and to whom. */
export interface Finding {
  readonly kind: 'lost' | 'doubled' | 'stuck' | 'untrue';
  readonly sentence: string;
}

/** Sentences on what is wrong; none when all is well. */
export function audit(book: Book, payments: readonly ShownPayment[], ledger: readonly LedgerLine[]): string[] {
  return findings(book, payments, ledger).map(({ sentence }) => sentence);
}

/** Everything that is wrong, by kind of harm; nothing when all is well. */
export function findings(book: Book, payments: readonly ShownPayment[], ledger: readonly LedgerLine[]): Finding[] {
  const byPayment = groupedBy(ledger, ({ payment }) => payment);
  const byReference = groupedBy(payments, ({ reference }) => reference);
  const known = new Set(payments.map(({ id }) => id));
  const lost = [...byPayment.keys()].filter((id) => !known.has(id));
  return [
    ...lost.map((id) => asLost(`${id} is in the sandbox's ledger and nowhere else`)),
    ...[...book.orders.values()].flatMap((placed) => checkOrder(placed, byReference.get(placed.reference) ?? [])),
    ...payments
      .filter(({ reference }) => !book.orders.has(reference))
      .map(({ id, reference }) => asUntrue(`${id} (${reference}) was ordered by nobody`)),
    ...payments.flatMap((payment) => checkPayment(payment, byPayment.get(payment.id) ?? [])),
  ];
}

function groupedBy<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group === undefined) groups.set(keyOf(one), [one]);
    else group.push(one);
  }
  return groups;
}

const asLost = (sentence: string): Finding => ({ kind: 'lost', sentence });
const asUntrue = (sentence: string): Finding => ({ kind: 'untrue', sentence });

/** One key made one payment, and it is the one that was acknowledged. */
function checkOrder({ reference, amount, payment }: Order, made: readonly ShownPayment[]): Finding[] {
  if (payment !== null && made.length === 0) {
    return [asLost(`${reference} was acknowledged as ${payment} and is not there`)];
  }
  if (made.length > 1) {
    const ids = made.map(({ id }) => id).join(', ');
    return [{ kind: 'doubled', sentence: `${reference} became ${made.length} payments: ${ids}` }];
  }
  const [only] = made;
  if (only === undefined) return [];
  if (payment !== null && payment !== only.id) {
    return [asLost(`${reference} was acknowledged as ${payment} and is ${only.id}`)];
  }
  return only.amount === amount ? [] : [asUntrue(`${reference} is of ${only.amount}, not ${amount}`)];
}

function checkPayment(payment: ShownPayment, lines: readonly LedgerLine[]): Finding[] {
  const { id, status, amount } = payment;
  const sum = (field: 'authorized' | 'captured' | 'voided' | 'refunded' | 'held'): number =>
    lines.reduce((total, line) => total + line[field], 0);
  const authorized = sum('authorized');
  const captured = sum('captured');
  const voided = sum('voided');
  const refunded = sum('refunded');
  const held = sum('held');
  const found: Finding[] = [];
  const expect = (kind: Finding['kind'], what: string, isTrue: boolean): void => {
    const sentence = `${id} (${status}, ${amount}): ${what}; ledger ${JSON.stringify(lines)}`;
    if (!isTrue) found.push({ kind, sentence });
  };
  const isOver = ['failed', 'canceled', 'expired'].includes(status);
  // What merchants refund does not count against it: nobody here is charged twice and given one back.
  expect('doubled', `approvals of ${authorized - voided}`, authorized - voided <= amount);
  expect('doubled', `captured ${captured} of ${authorized}`, captured + voided <= authorized);
  expect('doubled', `refunded ${refunded} of ${captured}`, refunded <= captured);
  expect('untrue', `we say ${payment.amount_authorized} authorized`, payment.amount_authorized === authorized - voided);
  expect('untrue', `we say ${payment.amount_captured} captured`, payment.amount_captured === captured);
  expect('untrue', `we say ${payment.amount_refunded} refunded`, payment.amount_refunded === refunded);
  expect('untrue', `we say ${payment.amount_capturable} capturable`, payment.amount_capturable === held);
  expect('stuck', 'is not at rest', isAtRest(payment));
  expect('stuck', 'is in review', status !== 'requires_review');
  expect('lost', 'says paid', status !== 'succeeded' || captured > 0);
  expect('stuck', 'holds money', !(isOver || status === 'requires_payment_method') || held === 0);
  expect('lost', 'took money', !isOver || captured === refunded);
  const ours = new Set(payment.attempts.flatMap(({ operations }) => operations.map((own) => own.id)));
  for (const { operation } of lines) expect('doubled', `${operation} is not known here`, ours.has(operation));
  return found;
}
