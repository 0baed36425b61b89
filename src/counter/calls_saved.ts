import type { CallDesk, Caller } from '../contracts/calls.js';
import { recordOf } from '../contracts/payer.js';
import type { Payment } from '../contracts/payment.js';
import type { CallPorts } from './call_ports.js';
import type { CounterGuards } from './guards.js';
import { savedCardsOf } from './identity.js';

/** Far below what the provider allows for a webhook. */
const LOOK_MS = 1_500;
/** Longer than any webhook is repeated. */
const REMEMBERED_MS = 3_600_000;

/** An id that no payer has. */
const NO_PAYER = 'pyr_none';

type Taken = Awaited<ReturnType<CallDesk['takeSavedCard']>>;
const REFUSALS = ['refused', 'too_many'] as const satisfies readonly Taken[];
type Refusal = (typeof REFUSALS)[number];

/**
 * A card of the payer's account, paid with by telephone: for who keys the purchase code that the payer has set. Without an
 * account, a card or a code, or with a locked one, the answer is the same as for a wrong one, and takes as long: whoever
 * guesses learns nothing of the payer.
 */
export function createSavedCard(
  ports: CallPorts,
  guards: CounterGuards,
  find: (id: string) => Promise<Payment | null>,
): CallDesk['takeSavedCard'] {
  const { engine, payers, signing, store, clock } = ports;

  const keyOf = ({ call, serial }: Caller, refusal: Refusal): string =>
    `saved:${refusal}:${signing.pseudonymOf(call)}:${serial}`;

  async function isOpen(id: string, prompt: string): Promise<boolean> {
    const payment = await find(id);
    return payment !== null && ports.openPromptOf(payment, clock.now())?.id === prompt;
  }

  async function take(payment: Payment, prompt: string, purchaseCode: string, caller: Caller): Promise<Taken> {
    if (!(await guards.admitsPurchaseCode(payment.id))) return 'too_many';
    const { merchant: owner, mode, payer: order } = payment;
    const payer = order.account === null ? null : await payers.find({ owner, mode, account: order.account });
    // Looked at in any case: it takes as long as with an account, and a locked one sounds like any other.
    const { answer } = await payers.checkPurchaseCode(payer?.id ?? NO_PAYER, purchaseCode);
    // Nobody's mistake: the page is another way.
    if (answer === 'unavailable') return 'needs_authentication';
    if (answer !== 'verified' || payer === null || payer.erasedAt !== null) return 'refused';
    const card = savedCardsOf(payer, clock.now()).find(({ isExpired }) => !isExpired);
    const stored = payer.instruments.find((instrument) => instrument.id === card?.id);
    if (stored === undefined) return 'refused';
    const device = signing.deviceHash(caller.call);
    const { applied } = await engine.reply(payment.id, {
      ...{ type: 'card', prompt, channel: 'ivr', device, browser: null, language: caller.language },
      ...{ token: recordOf(stored), face: stored.face, stored: true, proof: 'purchase_code' },
    });
    if (applied) return 'taken';
    return (await isOpen(payment.id, prompt)) ? 'needs_authentication' : 'stale';
  }

  async function refusalOf(caller: Caller): Promise<Refusal | null> {
    for (const refusal of REFUSALS) {
      if ((await store.guards.read(keyOf(caller, refusal), clock.now())) > 0) return refusal;
    }
    return null;
  }

  /**
   * The webhook came before, and nothing is counted again. What was refused then is refused now; else its code may just be
   * looked at, and as long as nobody knows what it came to nobody can say that nothing was charged.
   */
  async function foundLater({ id, events }: Payment, prompt: string, caller: Caller): Promise<Taken> {
    const refusal = await refusalOf(caller);
    if (refusal !== null) return refusal;
    await engine.watch(id, events.length, clock.now() + LOOK_MS);
    return (await isOpen(id, prompt)) ? ((await refusalOf(caller)) ?? 'unclear') : 'stale';
  }

  return async (id, prompt, purchaseCode, caller) => {
    const payment = await find(id);
    if (payment === null || ports.openPromptOf(payment, clock.now())?.id !== prompt) return 'stale';
    if (!caller.isNew) return foundLater(payment, prompt, caller);
    const taken = await take(payment, prompt, purchaseCode, caller);
    const refusal = REFUSALS.find((one) => one === taken);
    if (refusal !== undefined) await store.guards.raise(keyOf(caller, refusal), REMEMBERED_MS, clock.now());
    return taken;
  };
}
