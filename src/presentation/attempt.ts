import { rfc3339 } from '../contracts/clock.js';
import type { Attempt, Operation } from '../contracts/payment.js';
import { authorization, authorizedOf, capturedOf, isUnsettled, refundedOf } from '../engine/ledger.js';
import { declineMessage, type Language } from './declines.js';

/** An attempt as merchants see it, with its operations. Tokens, devices, flows and cryptograms stay inside. */
export function presentAttempt(attempt: Attempt, language: Language): Record<string, unknown> {
  return {
    id: attempt.id,
    instrument: attempt.instrument,
    channel: attempt.channel,
    status: attempt.status,
    outcome: outcomeOf(attempt),
    next_check_at: nextCheckAt(attempt),
    amount: attempt.amount,
    amount_authorized: authorizedOf(attempt),
    amount_captured: capturedOf(attempt),
    amount_refunded: refundedOf(attempt),
    acquirer: attempt.acquirer,
    authorization_code: attempt.authorizationCode,
    decline: declineOf(attempt, language),
    card: cardOf(attempt),
    authentication: authenticationOf(attempt),
    operations: attempt.operations.map(presentOperation),
  };
}

function presentOperation(operation: Operation): Record<string, unknown> {
  return {
    id: operation.id,
    type: operation.type,
    status: operation.status,
    amount: operation.amount,
    acquirer_reference: operation.reference,
    created_at: rfc3339(operation.createdAt),
  };
}

/** What came of the authorization; null while it is not asked for, under way, or undone with nothing taken. */
function outcomeOf(attempt: Attempt): 'approved' | 'declined' | 'pending' | 'unknown' | null {
  if (authorization(attempt) !== undefined) return 'approved';
  const authorize = attempt.operations.findLast(({ type }) => type === 'authorize');
  if (authorize !== undefined && isUnsettled(authorize)) {
    return authorize.status === 'pending' || authorize.status === 'unknown' ? authorize.status : null;
  }
  return attempt.end === 'declined' ? 'declined' : null;
}

/** When we look again at what is not settled; null when nothing is open. Milliseconds since the epoch. */
export function checksNextAt(attempt: Attempt): number | null {
  let earliest: number | null = null;
  for (const operation of attempt.operations) {
    const { nextAt } = operation;
    if (nextAt === null || !isUnsettled(operation)) continue;
    if (earliest === null || nextAt < earliest) earliest = nextAt;
  }
  return earliest;
}

function nextCheckAt(attempt: Attempt): string | null {
  const at = checksNextAt(attempt);
  return at === null ? null : rfc3339(at);
}

function declineOf({ decline }: Attempt, language: Language): Record<string, unknown> | null {
  if (decline === null) return null;
  const { code, acquirerCode, advice } = decline;
  return { code, message: declineMessage(code, language), acquirer_code: acquirerCode, advice };
}

function cardOf({ face }: Attempt): Record<string, unknown> | null {
  if (face === null) return null;
  return { brand: face.brand, bin: face.bin, last4: face.last4, exp_month: face.expMonth, exp_year: face.expYear };
}

/** How the holder was authenticated: null while that is not known, `none` where nobody had to be. */
function authenticationOf({ authentication, initiator, channel }: Attempt): Record<string, unknown> | null {
  if (authentication?.proof) {
    const { method, result, eci } = authentication.proof;
    return { method, result, eci };
  }
  if (authentication !== null || initiator === 'holder') return null;
  if (initiator === 'telephone_order') return { method: 'telephone_order', result: null, eci: null };
  // A code that the payer has set, or digits that came back by text: consent to a stored card, not authentication.
  const method = channel === 'ivr' ? 'purchase_code' : channel === 'sms' ? 'sms_code' : 'none';
  return { method, result: null, eci: null };
}
