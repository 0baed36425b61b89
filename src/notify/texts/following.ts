import type { Clock } from '../../contracts/clock.js';
import type { Engine } from '../../contracts/engine.js';
import { DuplicateKey } from '../../contracts/errors.js';
import type { Ids } from '../../contracts/ids.js';
import type { Payment } from '../../contracts/payment.js';
import type { Store } from '../../contracts/store.js';
import type { Text, TextCharged } from '../../contracts/text.js';
import { attemptBy, outcomeOf } from './outcome.js';
import { newText } from './record.js';

export interface FollowingPorts {
  readonly store: Pick<Store, 'texts' | 'payments'>;
  readonly engine: Pick<Engine, 'watch'>;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Charges what the digits of a text consent to; asked again it charges nothing more. */
  charge(offer: Text, payment: Payment): Promise<TextCharged>;
}

const LOOKS_MS = [2_000, 5_000, 15_000, 60_000, 300_000];
/** An answer that has begun nothing by then will begin nothing: something else was faster. */
const BEGINS_WITHIN_MS = 60_000;

/** Brings an answered text to its end: charges, waits for the outcome, and plans the text that tells it. */
export function createFollowing({ store, engine, clock, ids, charge }: FollowingPorts) {
  /** Does what can be done by `deadline`; the rest when the text is due again. A crash anywhere is followed up. */
  async function follow(offer: Text, deadline: number): Promise<Text | null> {
    const first = await store.payments.load(offer.payment);
    if (first === null || offer.challenge?.answer == null) return close(offer);
    const charged = attemptBy(offer, first) === undefined ? await charge(offer, first) : 'asked';
    if (charged === 'needs_authentication' && isStill(offer, first)) {
      await planOutcome(offer, first);
      return close(offer);
    }
    const payment = await settled(offer, deadline);
    if (payment !== null && !isPending(offer, payment)) {
      await planOutcome(offer, payment);
      return close(offer);
    }
    const age = clock.now() - offer.challenge.answer.at;
    const pause = LOOKS_MS.find((look) => age < look * 4) ?? LOOKS_MS.at(-1) ?? 0;
    return commit(offer, { dueAt: clock.now() + pause });
  }

  function isPending(offer: Text, payment: Payment): boolean {
    const answeredAt = offer.challenge?.answer?.at ?? 0;
    const outcome = outcomeOf(offer, payment);
    if (outcome !== 'undone' || attemptBy(offer, payment) !== undefined) return outcome === 'pending';
    return clock.now() < answeredAt + BEGINS_WITHIN_MS && isStill(offer, payment);
  }

  /** The payment as soon as the outcome is known, or as it is at the deadline. */
  async function settled(offer: Text, deadline: number): Promise<Payment | null> {
    let payment = await store.payments.load(offer.payment);
    while (payment !== null && outcomeOf(offer, payment) === 'pending' && clock.now() < deadline) {
      await engine.watch(payment.id, payment.events.length, deadline);
      payment = await store.payments.load(offer.payment);
    }
    return payment;
  }

  async function planOutcome(offer: Text, payment: Payment): Promise<void> {
    const { to, number } = offer;
    if (to === null) return;
    const key = `${offer.id}.outcome`;
    try {
      await store.texts.commit(
        newText(payment, { key, kind: 'outcome', about: offer.id, to, number }, clock.now(), ids),
      );
    } catch (error) {
      if (!(error instanceof DuplicateKey)) throw error;
    }
  }

  function close(offer: Text): Promise<Text | null> {
    const challenge = offer.challenge === null ? null : { ...offer.challenge, state: 'over' as const };
    return commit(offer, { challenge, to: null, dueAt: offer.untold ? clock.now() : null });
  }

  async function commit(text: Text, change: Partial<Text>): Promise<Text | null> {
    const next = { ...text, ...change, revision: text.revision + 1 };
    return (await store.texts.commit(next)) ? next : null;
  }

  return { follow, close };
}

/** Whether the payment still asks what the digits have answered. */
function isStill({ challenge }: Text, { attempts }: Payment): boolean {
  return challenge?.answer?.prompt === `begin.${attempts.length + 1}`;
}
