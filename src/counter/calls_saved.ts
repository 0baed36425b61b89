import type { CallDesk } from '../contracts/calls.js';
import { recordOf } from '../contracts/payer.js';
import type { Payment } from '../contracts/payment.js';
import type { CallPorts } from './call_ports.js';
import type { CounterGuards } from './guards.js';
import { savedCardsOf } from './identity.js';

/** Far below what the provider allows for a webhook. */
const LOOK_MS = 1_500;

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
    if (!isNew) return foundLater(payment, prompt);
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
    if (applied) return 'taken';
    return (await isOpen(id, prompt)) ? 'needs_authentication' : 'stale';
  };

  /**
   * The webhook came before and its code may just be looked at, or be wrong: nothing is counted again, and what it came to is
   * waited for. As long as the prompt is open nobody can say that nothing will be charged.
   */
  async function foundLater({ id, events }: Payment, prompt: string): Promise<'stale' | 'unclear'> {
    await engine.watch(id, events.length, clock.now() + LOOK_MS);
    return (await isOpen(id, prompt)) ? 'unclear' : 'stale';
  }

  async function isOpen(id: string, prompt: string): Promise<boolean> {
    const payment = await find(id);
    return payment !== null && ports.openPromptOf(payment, clock.now())?.id === prompt;
  }
}
