import type { CardStorage } from '../contracts/engine.js';
import { Problem } from '../contracts/errors.js';
import type { PayerService } from './service.js';

/** Where the engine hands over cards that their payers want kept: the payer's account at the merchant. */
export function createCardStorage(payers: Pick<PayerService, 'storeInstrument'>): CardStorage {
  return {
    async store({ merchant, mode, account, token, face, authenticated, consent }) {
      try {
        await payers.storeInstrument({ owner: merchant, mode, account }, { token, face, authenticated, consent });
        return 'kept';
      } catch (error) {
        // An account that was erased, or is full: it will not think otherwise later.
        if (error instanceof Problem && error.status === 409) return 'refused';
        throw error;
      }
    },
  };
}
