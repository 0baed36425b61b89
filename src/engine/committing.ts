import { DuplicateKey, StoreFailure } from '../contracts/errors.js';
import type { Log } from '../contracts/log.js';
import type { Store } from '../contracts/store.js';
import type { Decision } from './finish.js';
import { isSame } from './same.js';

export interface CommittingPorts {
  readonly store: { readonly payments: Pick<Store['payments'], 'commit' | 'load'> };
  readonly log: Log;
}

/**
 * How a decision is committed: true when it stands, false when a race was lost. A write of which nobody knows is settled by
 * reading; what is not there is written once more. Should both arrive, one of them loses the race, and it is read which.
 * A decision that makes calls has a `sender` of its own: the equal one of another process is never taken for this.
 */
export function createCommitting({ store: { payments }, log }: CommittingPorts) {
  async function stored({ payment }: Decision): Promise<'this' | 'before' | 'other'> {
    const found = await payments.load(payment.id);
    if (isSame(found, payment)) return 'this';
    return (found?.revision ?? 0) === payment.revision - 1 ? 'before' : 'other';
  }

  async function again(decision: Decision): Promise<boolean> {
    try {
      if (await payments.commit(decision.commit)) return true;
    } catch (error) {
      // The first one may have arrived meanwhile, and is what this one met.
      if (error instanceof DuplicateKey && (await stored(decision)) === 'this') return true;
      throw error;
    }
    return (await stored(decision)) === 'this';
  }

  return async (decision: Decision): Promise<boolean> => {
    try {
      return await payments.commit(decision.commit);
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error;
      log.warn('a commit is in doubt, reading again', { payment: decision.payment.id, error });
      switch (await stored(decision)) {
        case 'this':
          return true;
        case 'before':
          return again(decision);
        case 'other':
          throw error;
      }
    }
  };
}
