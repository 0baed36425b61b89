import type { CallDesk } from '../contracts/calls.js';
import { recordOf } from '../contracts/payer.js';
import type { Payment } from '../contracts/payment.js';
import type { CallPorts } from './call_ports.js';
import type { CounterGuards } from './guards.js';
import { savedCardsOf } from './identity.js';

/**
 * A card of the payer's account, paid with by telephone: for who keys the purchase code that the payer has set. Without an
 * account, a card or a code the answer is the same as for a wrong one, for whoever guesses learns nothing of the payer.
 */
export function createSavedCard(
  ports: CallPorts,
  guards: CounterGuards,
  find: (id: string) => Promise<Payment | null>,
): CallDesk['takeSavedCard'] {
  const { engine, payers, signing, clock } = ports;

  return async (id, prompt, purchaseCode, { call, language, isNew }) => {
    const payment = await find(id);
    if (payment === null || ports.openPromptOf(payment, clock.now())?.id !== prompt) return 'stale';
    // The code was wrong when this webhook came first, or the prompt would no longer wait.
    if (!isNew) return 'refused';
    if (!(await guards.admitsPurchaseCode(payment.id))) return 'too_many';
    const { merchant: owner, mode, payer: order } = payment;
    const payer = order.account === null ? null : await payers.find({ owner, mode, account: order.account });
    if (payer === null || payer.erasedAt !== null) return 'refused';
    const { answer } = await payers.checkPurchaseCode(payer.id, purchaseCode);
    if (answer === 'locked') return 'too_many';
    const card = savedCardsOf(payer, clock.now()).find(({ isExpired }) => !isExpired);
    const stored = payer.instruments.find((instrument) => instrument.id === card?.id);
    if (answer !== 'verified' || stored === undefined) return 'refused';
    const { applied } = await engine.reply(id, {
      ...{ type: 'card', prompt, channel: 'ivr', device: signing.deviceHash(call), browser: null, language },
      ...{ token: recordOf(stored), face: stored.face, stored: true, proof: 'purchase_code' },
    });
    return applied ? 'taken' : 'needs_authentication';
  };
}
