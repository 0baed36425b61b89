import type { Reply } from '../contracts/engine.js';
import { mayTakeOver } from '../contracts/open_payment.js';
import type { Attempt } from '../contracts/payment.js';
import { beginAttempt, endFlow } from './attempts.js';
import { mayBegin } from './conclude.js';
import type { Draft } from './draft.js';

/**
 * A payer who goes on with the same card on another device. A challenge cannot move: it is left, and a new attempt begins one
 * of its own, with everything else as it was. Only the device that asks for it is new.
 */
export function takeOver(draft: Draft, attempt: Attempt, reply: Extract<Reply, { type: 'take_over' }>): boolean {
  const { card, face, save } = attempt;
  if (card === null || face === null || !mayTakeOver(draft.payment, reply.device)) return false;
  endFlow(draft, attempt, 'abandoned');
  if (!mayBegin(draft.payment, draft.world.now)) return true;
  // The card stays in the vault, and its security code in memory: the new attempt needs both.
  draft.releases.splice(draft.releases.indexOf(card), 1);
  beginAttempt(draft, 'card', { ...reply, type: 'card', token: card, face, stored: false, proof: 'authentication' });
  const begun = draft.payment.attempts.at(-1);
  if (begun !== undefined) begun.save = save;
  return true;
}
