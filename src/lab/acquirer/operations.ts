import { createHmac } from 'node:crypto';
import type { DeclineCode } from '../../acquirers/sandbox/declines.js';
import {
  sameSecret,
  type WireAuthorization,
  type WireFollowUp,
  type WireRequest,
} from '../../acquirers/sandbox/protocol.js';
import type { Clock } from '../../contracts/clock.js';
import type { Ids } from '../../contracts/ids.js';
import type { OperationType } from '../../contracts/payment.js';
import type { Group } from '../../store/sqlite/group.js';
import { type Fault, findCard } from './cards.js';
import { answerOf, type Entry, standingOf } from './entry.js';
import type { Faults } from './faults.js';
import { accountOf, decideAuthorization, decideFollowUp, maskOf } from './issuer.js';
import type { Ledger, NewEntry } from './ledger.js';
import { cut, garbage, json, late, type Reply, unavailable } from './reply.js';

export interface Operations {
  authorize(request: WireAuthorization): Promise<Reply>;
  follow(type: Exclude<OperationType, 'authorize'>, request: WireFollowUp): Promise<Reply>;
  inquire(operation: string): Reply;
}

export interface OperationsPorts {
  readonly ledger: Ledger;
  readonly group: Group;
  readonly faults: Faults;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Key of the issuer's authentication values. */
  readonly issuerKey: string;
  readonly fingerprintKey: string;
  /** How much too late a slow answer is, after the request. */
  readonly slowMs: number;
  /** How long after the request a late or pending operation comes true. */
  readonly settleAfterMs: number;
  readonly holdMs: number;
  /** Tells of an operation: once for each time it is called. */
  notify(entry: Entry): void;
}

/** The first requests that were lost by card, so that their repeats get through. */
const LOST_MAX = 10_000;

type Booked = { readonly entry: Entry; readonly isNew: boolean } | { readonly refused: Reply };

/** The acquirer's back office: every operation is decided and booked in one durable write, then answered. */
export function createOperations(ports: OperationsPorts): Operations {
  const { ledger, group, faults, clock } = ports;
  const lost = new Set<string>();

  /** True the first time for each operation. */
  function isLost(operation: string): boolean {
    if (lost.has(operation)) return false;
    if (lost.size >= LOST_MAX) lost.clear();
    lost.add(operation);
    return true;
  }

  async function perform(request: WireRequest, fault: Fault | null, book: () => Booked): Promise<Reply> {
    if (fault === 'lost_request') return cut;
    if (fault === 'down') return unavailable;
    const booked = await group.run(book);
    if ('refused' in booked) return booked.refused;
    const { entry, isNew } = booked;
    const answer = answerOf(entry, clock.now());
    if (answer === null) return isNew ? cut : json(404, { operation: request.operation, status: 'not_found' });
    const reply = json(200, answer);
    if (!isNew) return reply;
    if (entry.interim === 'pending' || fault === 'duplicate') ports.notify(entry);
    if (fault === 'duplicate') ports.notify(entry);
    if (fault === 'slow') return late(reply, clock.now() + ports.slowMs);
    if (fault === 'lost_answer') return cut;
    return fault === 'garbage' ? garbage : reply;
  }

  return {
    authorize(request) {
      const cardFault = findCard(accountOf(request.card))?.behaviour.fault ?? null;
      const programmed = faults.take('authorize', request.payment);
      // A card loses its first request only, so that a repeat shows what repeating is for.
      const byCard = cardFault === 'lost_request' && !isLost(request.operation) ? null : cardFault;
      const fault = programmed ?? byCard;
      return perform(request, fault, () => bookAuthorization(ports, request, fault));
    },
    follow(type, request) {
      const fault = faults.take(type, request.payment);
      if (type === 'reverse') return perform(request, fault, () => bookReversal(ports, request, fault));
      return perform(request, fault, () => bookFollowUp(ports, type, request, fault));
    },
    inquire(operation) {
      const entry = ledger.find(operation);
      const fault = faults.take('inquire', entry?.payment ?? null);
      if (fault === 'lost_request' || fault === 'lost_answer') return cut;
      if (fault === 'down') return unavailable;
      if (fault === 'garbage') return garbage;
      const answer = entry === null ? null : answerOf(entry, clock.now());
      const reply = answer === null ? json(404, { operation, status: 'not_found' }) : json(200, answer);
      return fault === 'slow' ? late(reply, clock.now() + ports.slowMs) : reply;
    },
  };
}

const MOVES = { capture: 'captured', void: 'voided', refund: 'refunded' } as const;

function bookAuthorization(ports: OperationsPorts, request: WireAuthorization, fault: Fault | null): Booked {
  const { ledger, clock } = ports;
  // The security code is left out: not even its hash is kept.
  const { card, ...rest } = request;
  const fingerprint = fingerprintOf(ports, { ...rest, account: accountOf(card) });
  const known = recorded(ledger, request, 'authorize', fingerprint);
  if (known !== null) return known;
  const now = clock.now();
  const { decline, behaviour } = decideAuthorization(request, ports.issuerKey, now);
  const isDeclined = fault === 'declined' || fault === 'pending_then_declined';
  const code = decline ?? (isDeclined ? 'do_not_honor' : null);
  const amount = fault === 'wrong_amount' ? request.amount + 100 : request.amount;
  const entry = ledger.insert({
    ...blank(ports, 'authorize', request, fault, code),
    fingerprint,
    amount,
    purchase: request.capture,
    captured: request.capture && code === null ? amount : 0,
    forgetsEarlyReversal: fault === 'ignores_early_reversal',
    refuses: behaviour.refuses ?? null,
    authorizationCode: code === null ? `A${ports.ids.digits(5)}` : null,
    holdUntil: request.capture ? null : now + ports.holdMs,
    card: maskOf(card),
    initiator: request.initiator,
    authentication: request.authentication?.method ?? null,
  });
  return { entry, isNew: true };
}

function bookFollowUp(
  ports: OperationsPorts,
  type: 'capture' | 'void' | 'refund',
  request: WireFollowUp,
  fault: Fault | null,
): Booked {
  const { ledger, clock } = ports;
  // Its reference may have been learned since the first try: only our own identity counts.
  const fingerprint = fingerprintOf(ports, { ...request, original: request.original.operation });
  const known = recorded(ledger, request, type, fingerprint);
  if (known !== null) return known;
  const original = ledger.find(request.original.operation);
  const isDeclined = fault === 'declined' || fault === 'pending_then_declined';
  const code = isDeclined ? (`${type}_refused` as const) : decideFollowUp(type, request, original, clock.now());
  const amount = fault === 'wrong_amount' && request.amount > 1 ? request.amount - 1 : request.amount;
  if (code === null) ledger.move(request.original.operation, MOVES[type], amount);
  const entry = ledger.insert({
    ...blank(ports, type, request, fault, code),
    original: request.original.operation,
    fingerprint,
    amount,
  });
  return { entry, isNew: true };
}

/**
 * A reversal is acknowledged whether or not its original ever arrived; one that arrives later finds its place taken.
 * A repeat does it again, for the original may have come true in between.
 */
function bookReversal(ports: OperationsPorts, request: WireFollowUp, fault: Fault | null): Booked {
  const { ledger } = ports;
  const fingerprint = fingerprintOf(ports, { ...request, original: request.original.operation });
  const known = recorded(ledger, request, 'reverse', fingerprint);
  if (known !== null && 'refused' in known) return known;
  const original = ledger.find(request.original.operation);
  const isForeign = original !== null && (original.type !== 'authorize' || original.payment !== request.payment);
  const code = isForeign || fault === 'declined' ? 'original_not_found' : null;
  if (code === null && known?.entry.status !== 'declined') takeBack(ports, request, original, fault);
  if (known !== null) return known;
  const row = { ...blank(ports, 'reverse', request, fault, code), original: request.original.operation, fingerprint };
  return { entry: ledger.insert(row), isNew: true };
}

function takeBack(ports: OperationsPorts, request: WireFollowUp, original: Entry | null, fault: Fault | null): void {
  const { ledger, clock } = ports;
  const now = clock.now();
  const isEarly = original === null || standingOf(original, now) === 'not_found';
  if (isEarly && (fault === 'ignores_early_reversal' || original?.forgetsEarlyReversal)) return;
  if (original !== null) {
    ledger.reverse(original.id, now);
    return;
  }
  const tombstone = blank(ports, 'authorize', { ...request, operation: request.original.operation }, null, 'reversed');
  ledger.insert({ ...tombstone, reversedAt: now });
}

/** The same operation seen before: its record, or a refusal when it was another request. */
function recorded(ledger: Ledger, request: WireRequest, type: OperationType, fingerprint: string): Booked | null {
  const entry = ledger.find(request.operation);
  if (entry === null) return null;
  const isSame = entry.type === type && (entry.fingerprint === null || sameSecret(entry.fingerprint, fingerprint));
  if (!isSame) return { refused: json(422, { error: 'operation_reused', operation: request.operation }) };
  return { entry, isNew: false };
}

function fingerprintOf(ports: OperationsPorts, request: object): string {
  return createHmac('sha256', ports.fingerprintKey).update(JSON.stringify(request)).digest('base64url');
}

function blank(
  ports: OperationsPorts,
  type: OperationType,
  request: WireRequest,
  fault: Fault | null,
  code: DeclineCode | null,
): NewEntry {
  const now = ports.clock.now();
  const interim = interimOf(type, fault);
  return {
    id: request.operation,
    payment: request.payment,
    merchant: request.merchant,
    type,
    original: null,
    fingerprint: null,
    status: code === null ? 'approved' : 'declined',
    code,
    reference: `sbx_${ports.ids.token(96)}`,
    authorizationCode: null,
    amount: request.amount,
    currency: request.currency,
    purchase: false,
    interim,
    settlesAt: interim === null ? null : now + ports.settleAfterMs,
    forgetsEarlyReversal: false,
    refuses: null,
    holdUntil: null,
    captured: 0,
    reversedAt: null,
    card: null,
    initiator: null,
    authentication: null,
    createdAt: now,
  };
}

function interimOf(type: OperationType, fault: Fault | null): Entry['interim'] {
  if (fault === 'pending' || fault === 'pending_then_declined') return 'pending';
  if (fault === 'ignores_early_reversal') return type === 'authorize' ? 'not_found' : null;
  return fault === 'late_approval' ? 'not_found' : null;
}
