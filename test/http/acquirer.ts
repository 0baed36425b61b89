import { createDummyAcquirer } from '../../src/acquirers/dummy.js';
import type { Acquirer, AuthorizeCall, Outcome } from '../../src/contracts/acquirer.js';

/** The dummy, with the sandbox's tokens telling what happens. */
export function testAcquirer(gate: () => Promise<void> | null): Acquirer {
  const dummy = createDummyAcquirer();
  const declines: Readonly<Record<string, Outcome>> = {
    tok_sandbox_decline: { outcome: 'declined', code: 'do_not_honor', acquirerCode: '05', advice: 'retry' },
    tok_sandbox_insufficient_funds: {
      outcome: 'declined',
      code: 'insufficient_funds',
      acquirerCode: '51',
      advice: 'other_instrument',
    },
    tok_sandbox_authentication_required: {
      outcome: 'declined',
      code: 'authentication_required',
      acquirerCode: '1A',
      advice: 'other_channel',
    },
  };
  return {
    ...dummy,
    async authorize(call: AuthorizeCall) {
      // The request is on its way: an answer may take as long as it likes.
      await gate();
      const token = call.card.kind === 'acquirer_token' ? call.card.token : '';
      return declines[token] ?? dummy.authorize({ ...call, mayStillSend: () => true });
    },
  };
}
