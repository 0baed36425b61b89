import type { SavedCard } from '../contracts/channel.js';
import { isCardExpired, type Payer } from '../contracts/payer.js';
import type { Attempt, Payment } from '../contracts/payment.js';
import type { OpenPrompt } from '../contracts/prompt.js';
import type { TvLanguage, TvSession } from '../contracts/television.js';
import { type CardFace, mayBeSameCard } from '../contracts/vault.js';
import { savedCardsOf } from './identity.js';

/** All that a screen is made of. */
export interface TvScene {
  readonly payment: Payment;
  /** What is asked of the payer now. */
  readonly prompt: OpenPrompt | null;
  readonly session: TvSession;
  /** Null where nobody's cards and purchase code are at hand. */
  readonly household: TvHousehold | null;
  readonly ways: TvWays;
  readonly merchant: string;
  readonly language: TvLanguage;
  /** The box's name in attempts: what it has done itself is told in full. */
  readonly device: string;
  readonly now: number;
}

/** What of a household matters here. Its cards are shown to who has its purchase code. */
export interface TvHousehold {
  readonly payer: string;
  /** Cards that may pay this payment, the one to try first in front. */
  readonly cards: readonly SavedCard[];
  readonly code: 'none' | 'set' | 'locked';
}

/** How the payment goes on elsewhere. */
export interface TvWays {
  /** The payment's page, with a token of 128 bits; null where it has none. */
  readonly page: string | null;
  /** Where a code is typed. */
  readonly link: string;
  /** The payment code in groups; null without one. */
  readonly code: string | null;
  /** E.164; null where nobody can call about it. */
  readonly telephone: string | null;
}

/**
 * Cards that the household may pay this payment with by its purchase code. One that must be authenticated is for a telephone;
 * one that was declined here comes last, or not at all where its bank advises against trying it again.
 */
export function cardsFor(
  household: Payer,
  payment: Payment,
  now: number,
  isCodeEnough: (payment: Payment, face: CardFace) => boolean,
): SavedCard[] {
  const faces = new Map(household.instruments.map(({ id, face }) => [id, face]));
  const adviceOn = (card: CardFace | undefined): string | null => {
    const tried = payment.attempts.findLast(
      ({ face }) => face !== null && card !== undefined && mayBeSameCard(face, card),
    );
    return tried?.decline?.advice ?? null;
  };
  const good = savedCardsOf(household, now).filter(({ id }) => {
    const face = faces.get(id);
    if (face === undefined || isCardExpired(face, now) || !isCodeEnough(payment, face)) return false;
    const advice = adviceOn(face);
    return advice === null || advice === 'retry';
  });
  const isTried = ({ id }: SavedCard): boolean => adviceOn(faces.get(id)) !== null;
  return [...good.filter((card) => !isTried(card)), ...good.filter(isTried)];
}

/** The last attempt, if it came to nothing and the payment still waits. */
export function lastDecline({ attempts }: Payment): { attempt: Attempt; code: string } | null {
  const last = attempts.at(-1);
  if (last === undefined || last.flow !== null) return null;
  if (last.decline !== null) return { attempt: last, code: last.decline.code };
  return last.status === 'reversed' ? { attempt: last, code: 'reversed' } : null;
}

/** Whether the payment's page was opened elsewhere since it last came back to its payer. */
export function isOpenElsewhere({ events }: Payment): boolean {
  const opened = events.findLastIndex(({ type }) => type === 'channel.page_opened');
  return opened !== -1 && opened > events.findLastIndex(({ type }) => type.startsWith('attempt.'));
}
