import type { Payment } from './payment.js';
import type { Reach, ReachBegun, ReachChannel } from './reach.js';

/** Begins one way, once: asked again after a crash it finds what it began. */
export interface Reaching {
  /** What can be begun here, beside e-mail. */
  readonly channels: readonly ReachChannel[];
  /** @throws StoreFailure when nobody knows: then it is asked again */
  begin(payment: Payment, reach: Reach): Promise<ReachBegun>;
}
