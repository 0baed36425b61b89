import type { CardFields, FieldProblem } from '../../../src/contracts/channel.js';
import type { Html } from '../../../src/contracts/html.js';
import { notice, type Problem, summaryOf } from './forms.js';
import type { PaymentView, View } from './page.js';

/** What a form shows again after an answer that was not taken. */
export interface Again {
  readonly problems: readonly FieldProblem[];
  /** As typed, without the security code. */
  readonly typed: Omit<CardFields, 'securityCode'>;
  /** The brands of a co-badged card, to choose from. */
  readonly brands: readonly string[];
  /** The key of something to say on top. */
  readonly notice: string | null;
  /** Whether the payer has ticked that the card be kept. */
  readonly save: boolean;
  /** The payer would rather enter a card than take a saved one. */
  readonly wantsCard: boolean;
  /** The address for the receipt, as typed. */
  readonly email: string;
}

export const FRESH: Again = {
  problems: [],
  typed: { number: '', expiry: '', brand: null },
  brands: [],
  notice: null,
  save: false,
  wantsCard: false,
  email: '',
};

/** Problems in the language of the page. */
export function worded({ say }: View, problems: readonly FieldProblem[]): Problem[] {
  return problems.map(({ field, message }) => ({ input: field, text: say(message) }));
}

/** Why the form is here again: what was wrong with it, or why the last try was declined. */
export function onTop(view: PaymentView, again: Again, problems: readonly Problem[]): Html | null {
  const { say, visit } = view;
  if (again.notice !== null) return notice(null, say(again.notice));
  if (problems.length > 0) return summaryOf(say, problems);
  return visit.decline === null ? null : declineNotice(view, visit.decline);
}

export function declineNotice({ say }: PaymentView, decline: { code: string; advice: string }): Html {
  return notice(say('decline.title'), say(`decline.${decline.code}`), say(`advice.${decline.advice}`));
}
