import { isPaid } from '../../contracts/open_payment.js';
import type { Attempt, Payment } from '../../contracts/payment.js';
import type { Text } from '../../contracts/text.js';
import { deviceOf } from './record.js';

/** What came of the digits of a text; `pending` while nobody knows. */
export type Outcome =
  | 'pending'
  | 'paid'
  | 'reserved'
  | 'authentication'
  | 'declined'
  | 'refused'
  | 'undone'
  | 'elsewhere'
  | 'closed';

const OPEN: ReadonlySet<string> = new Set(['requires_payment_method', 'requires_action']);

/** The attempt that a text's digits have begun. */
export function attemptBy(offer: Text, { attempts }: Payment): Attempt | undefined {
  const device = deviceOf(offer);
  return attempts.find((attempt) => attempt.device?.id === device);
}

export function outcomeOf(offer: Text, payment: Payment): Outcome {
  const { status } = payment;
  const attempt = attemptBy(offer, payment);
  if (attempt === undefined) {
    if (isPaid(payment)) return 'elsewhere';
    if (status === 'processing') return 'pending';
    return OPEN.has(status) ? 'undone' : 'closed';
  }
  switch (attempt.status) {
    case 'requires_action':
    case 'processing':
      return 'pending';
    case 'captured':
      return 'paid';
    case 'authorized':
      // Held, and to be taken in a moment by itself.
      return payment.capture === 'automatic' && status === 'processing' ? 'pending' : 'reserved';
    case 'declined':
      if (!OPEN.has(status)) return 'refused';
      return attempt.decline?.code === 'authentication_required' ? 'authentication' : 'declined';
    case 'voided':
    case 'reversed':
    case 'canceled':
      return OPEN.has(status) ? 'undone' : 'closed';
  }
}
