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

/** Sentences on what is wrong; none when all is well. */
export function audit(book: Book, payments: readonly ShownPayment[], ledger: readonly LedgerLine[]): string[] {
  const byPayment = groupedBy(ledger, ({ payment }) => payment);
  const byReference = groupedBy(payments, ({ reference }) => reference);
  const known = new Set(payments.map(({ id }) => id));
  const lost = [...byPayment.keys()].filter((id) => !known.has(id));
  return [
    ...lost.map((id) => `${id} is in the sandbox's ledger and nowhere else`),
    ...[...book.orders.values()].flatMap((placed) => checkOrder(placed, byReference.get(placed.reference) ?? [])),
    ...payments
      .filter(({ reference }) => !book.orders.has(reference))
      .map(({ id, reference }) => `${id} (${reference}) was ordered by nobody`),
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

/** One key made one payment, and it is the one that was acknowledged. */
function checkOrder({ reference, amount, payment }: Order, made: readonly ShownPayment[]): string[] {
  if (payment !== null && made.length === 0) return [`${reference} was acknowledged as ${payment} and is not there`];
  if (made.length > 1) return [`${reference} became ${made.length} payments: ${made.map(({ id }) => id).join(', ')}`];
  const [only] = made;
  if (only === undefined) return [];
  if (payment !== null && payment !== only.id) return [`${reference} was acknowledged as ${payment} and is ${only.id}`];
  return only.amount === amount ? [] : [`${reference} is of ${only.amount}, not ${amount}`];
}

function checkPayment(payment: ShownPayment, lines: readonly LedgerLine[]): string[] {
  const { id, status, amount } = payment;
  const sum = (field: 'authorized' | 'captured' | 'voided' | 'refunded' | 'held'): number =>
    lines.reduce((total, line) => total + line[field], 0);
  const [authorized, captured, voided, refunded, held] = [
    sum('authorized'),
    sum('captured'),
    sum('voided'),
    sum('refunded'),
    sum('held'),
  ];
  const wrong: string[] = [];
  const expect = (what: string, isTrue: boolean): void => {
    if (!isTrue) wrong.push(`${id} (${status}, ${amount}): ${what}; ledger ${JSON.stringify(lines)}`);
  };
  // What merchants refund does not count against it: nobody here is charged twice and given one back.
  expect(`approvals of ${authorized - voided}`, authorized - voided <= amount);
  expect(`captured ${captured} of ${authorized}`, captured + voided <= authorized);
  expect(`refunded ${refunded} of ${captured}`, refunded <= captured);
  expect(`we say ${payment.amount_authorized} authorized`, payment.amount_authorized === authorized - voided);
  expect(`we say ${payment.amount_captured} captured`, payment.amount_captured === captured);
  expect(`we say ${payment.amount_refunded} refunded`, payment.amount_refunded === refunded);
  expect(`we say ${payment.amount_capturable} capturable`, payment.amount_capturable === held);
  expect('is not at rest', isAtRest(payment));
  expect('is in review', status !== 'requires_review');
  expect('says paid', status !== 'succeeded' || captured > 0);
  expect('holds money', !['failed', 'canceled', 'expired', 'requires_payment_method'].includes(status) || held === 0);
  expect('took money', !['failed', 'canceled', 'expired'].includes(status) || captured === refunded);
  const ours = new Set(payment.attempts.flatMap(({ operations }) => operations.map((own) => own.id)));
  for (const { operation } of lines) expect(`${operation} is not known here`, ours.has(operation));
  return wrong;
}
