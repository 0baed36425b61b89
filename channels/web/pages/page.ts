import type { AccountVisit, Visit } from '../../../src/contracts/channel.js';
import type { Html } from '../../../src/contracts/html.js';
import { amountText } from '../../../src/contracts/money.js';
import type { Language, Words } from '../language.js';

/** What a page is made of, before the frame around it. */
export interface Page {
  readonly title: string;
  readonly main: Html;
  /** What happens next, in one sentence that stays in sight; nothing when there is nothing to say. */
  readonly next?: string;
  /** The id of the form whose typing a request for more time takes along. */
  readonly keeps?: string;
  /** It says itself how the merchant is reached. */
  readonly namesSupport?: boolean;
  /** Origins beside our own that its forms post to, or that it frames. */
  readonly formOrigins?: readonly string[];
  readonly frameOrigins?: readonly string[];
  /** What is typed here stays for as long as the same is asked: the script listens for what happens elsewhere meanwhile. */
  readonly listens?: boolean;
  /** It waits for something that happens elsewhere: it moves by itself, without scripts every ten seconds. */
  readonly waits?: boolean;
}

/** What a page needs to know of who looks at it. */
export interface View {
  readonly language: Language;
  readonly say: Words;
  readonly token: string;
  /** The one-time nonce of a form that answers `prompt`. */
  nonceOf(prompt: string): string;
}

export interface PaymentView extends View {
  readonly visit: Visit;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface AccountView extends View {
  readonly visit: AccountVisit;
}

export function amountOf({ visit, language }: PaymentView): string {
  return amountText(visit.money, language);
}
