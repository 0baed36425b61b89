import type { CardStorage } from '../contracts/engine.js';
import type { Attempt, Payment } from '../contracts/payment.js';
import { type Draft, pauseMs } from './draft.js';

/**
 * A card that its payer wants kept. Once it is approved its vault record goes over from the attempt to the payer's account,
 * which is asked under the card's token until it answers: a crash in between asks twice and stores once.
 */

export type SaveAnswer = Awaited<ReturnType<CardStorage['store']>> | 'unavailable';

/** Longer than a commit of the account can take. */
const LEASE_MS = 10_000;
const PAUSE_MS_MIN = 1_000;

/** True while the card in hand waits to be approved and kept: the end of the flow must not take it out of the vault. */
export function isToBeSaved({ save, end }: Attempt): boolean {
  return save?.state === 'wanted' && end === 'authorized';
}

/** What is approved and stays approved goes to its account; what came too late does not. */
export function handOverCards(draft: Draft): void {
  for (const attempt of draft.payment.attempts) {
    if (!isToBeSaved(attempt)) continue;
    if (attempt.late === null || attempt.late === 'kept') askAccount(draft, attempt);
    else forget(draft, attempt);
  }
}

/** Under a lease: the sweeper asks again when it ends. */
export function askAccount(draft: Draft, attempt: Attempt): void {
  const { save } = attempt;
  if (save == null) return;
  const tries = save.tries + 1;
  attempt.save = { ...save, state: 'due', tries, nextAt: draft.world.now + LEASE_MS };
  draft.calls.push({ kind: 'save', attempt: attempt.id, call: tries });
}

/** What the account answered to one asking. False when it is no longer awaited. */
export function takeSaveAnswer(draft: Draft, attempt: Attempt, call: number, answer: SaveAnswer): boolean {
  const { save } = attempt;
  if (save?.state !== 'due' || save.tries !== call) return false;
  switch (answer) {
    case 'kept':
      // The record is the account's now, which may have done away with it: a card it had already keeps its own.
      attempt.save = { ...save, state: 'kept', nextAt: null };
      attempt.card = null;
      return true;
    case 'refused':
      forget(draft, attempt);
      return true;
    case 'unavailable':
      attempt.save = { ...save, nextAt: draft.world.now + Math.max(PAUSE_MS_MIN, pauseMs(call)) };
      return true;
  }
}

/** The card leaves the vault after all. */
export function forget(draft: Draft, attempt: Attempt): void {
  const { save, card } = attempt;
  if (save != null) attempt.save = { ...save, state: 'dropped', nextAt: null };
  if (card !== null) draft.releases.push(card);
  attempt.card = null;
}

/** Asks the account. It throws when nobody knows what became of it: then it is asked again. */
export async function storeCard(cards: CardStorage, payment: Payment, attempt: Attempt): Promise<SaveAnswer> {
  const { merchant, mode, payer } = payment;
  const { card: token, face, save, authentication } = attempt;
  if (payer.account === null || token === null || face === null || save == null) return 'refused';
  const authenticated = authentication?.state === 'passed';
  return cards.store({ merchant, mode, account: payer.account, token, face, authenticated, consent: save.consent });
}
