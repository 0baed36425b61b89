import { StoreFailure } from '../../contracts/errors.js';
import { failureOf } from './failures.js';

/** The one way in: refuses what comes after the end, and says in the contract's words what went wrong. */
export interface Session {
  /** @throws DuplicateKey, StoreFailure, Impossible */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Refuses everything from now on. */
  end(): void;
}

export function createSession(): Session {
  let isOpen = true;
  return {
    async run(work) {
      if (!isOpen) throw new StoreFailure('the store is closed');
      try {
        return await work();
      } catch (error) {
        throw failureOf(error);
      }
    },
    end() {
      isOpen = false;
    },
  };
}
