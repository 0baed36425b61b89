import type { FaultName } from './faults.js';
import type { Params } from './wire/signature.js';

/** Tells the application what becomes of a call or a message: one after the other, unless a fault wants it otherwise. */
export interface News {
  tell(params: Params): void;
  /** No more will come; resolves when all of it was told. */
  end(): Promise<void>;
}

export function createNews(send: (params: Params) => Promise<unknown>, fault: FaultName | null): News {
  const held: Params[] = [];
  let told: Promise<unknown> = Promise.resolve();

  function pass(params: Params): void {
    told = told.then(() => send(params));
  }

  return {
    tell(params) {
      if (fault === 'no_callback') return;
      if (fault === 'callbacks_reversed') {
        held.unshift(params);
        return;
      }
      pass(params);
      if (fault === 'doubled') pass(params);
    },
    async end() {
      for (const params of held.splice(0)) pass(params);
      await told;
    },
  };
}
