/** Shops at the end of a run: what is still open is captured or given up, so that every payment ends. */
import type { ShownPayment } from './audit.js';
import { isAtRest } from './audit.js';
import { type Caller, post } from './requests.js';

const ENDS = ['succeeded', 'failed', 'canceled', 'expired'];

/** True when nobody can do anything about it any more, but give money back. */
export function isEnded(payment: ShownPayment): boolean {
  return ENDS.includes(payment.status) && isAtRest(payment);
}

/** Asks once for the end of each payment that waits for its merchant or for a payer who has gone. */
export async function closeBooks(caller: Caller, payments: readonly ShownPayment[], try_: number): Promise<void> {
  for (const payment of payments) {
    const action = endOf(payment);
    // A refusal says that it has moved meanwhile: it is looked at again.
    if (action !== null) await post(caller, `/v1/payments/${payment.id}/${action}`, {}, `end-${payment.id}-${try_}`);
  }
}

function endOf({ id, status }: ShownPayment): 'capture' | 'cancel' | null {
  switch (status) {
    case 'requires_capture':
      return /[a-m]$/i.test(id) ? 'capture' : 'cancel';
    case 'partially_captured':
      return 'capture';
    case 'requires_payment_method':
    case 'requires_action':
      return 'cancel';
    default:
      return null;
  }
}
