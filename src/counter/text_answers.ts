import { isPaid, isWaitedFor } from '../contracts/open_payment.js';
import type { Payment } from '../contracts/payment.js';
import type { Text, TextAnswer, TextChallenge, TextReply } from '../contracts/text.js';
import type { TextCounterPorts } from './text_ports.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Answers that nothing was asked for: two programs must not talk for ever. */
const ANSWERS_PER_HOUR_MAX = 4;
const STRANGER_ANSWERS_PER_DAY_MAX = 1;

/** A text with digits, and the payment they pay. */
export interface Offer {
  readonly text: Text & { readonly challenge: TextChallenge };
  readonly payment: Payment;
}

/** What is said back to a text that came in: a key of the catalogue, with what the payment puts in. */
export function createTextAnswers(
  ports: Pick<TextCounterPorts, 'store' | 'clock' | 'numberNames' | 'payLink' | 'wordsAbout'>,
) {
  const { clock } = ports;
  const { guards } = ports.store;

  async function say(key: string, about: Payment | null): Promise<TextAnswer> {
    if (about === null) return { key: `reply.${key}`, language: null, mode: 'live', parameters: {} };
    const link = isWaitedFor(about, clock.now()) ? ports.payLink(about) : null;
    const parameters = await ports.wordsAbout(about, link);
    // Where no page is open any more, there is nothing to lead to.
    const isLeading = link === null && LEADING.has(key);
    const said = isLeading ? wordForOver(about) : key;
    return { key: `reply.${said}`, language: about.payer.language, mode: about.mode, parameters };
  }

  /** The same, as long as this number was not told enough. */
  async function sayAtMost(reply: TextReply, key: string, about: Payment | null): Promise<TextAnswer | null> {
    const [who] = ports.numberNames(reply.from);
    const [kind, most, windowMs] = allowanceOf(reply, about);
    const { count } = await guards.raise(`${kind}:${who}`, windowMs, clock.now());
    return count > most ? null : say(key, about);
  }

  /**
   * That digits are of no use any more, with the way to the page: once for each text and reason outside of what a number is told,
   * for anybody can use that up by writing in another's name.
   */
  async function sayEnd(
    reply: TextReply,
    why: 'dead' | 'expired' | 'spent',
    { offer, last }: { readonly offer: Offer | undefined; readonly last: Payment | null },
  ): Promise<TextAnswer | null> {
    const key = why === 'spent' ? 'dead' : why;
    const now = clock.now();
    const isFirst =
      offer !== undefined && (await guards.useOnce(`text-end:${why}:${offer.text.id}`, now + DAY_MS, now));
    return isFirst ? say(key, offer.payment) : sayAtMost(reply, key, offer?.payment ?? last);
  }

  return { say, sayAtMost, sayEnd };
}

/** What helps whoever the latest payment is about, with these offers still open. */
export function helpFor(last: Payment | null, open: readonly Offer[], now: number): string {
  if (last === null) return 'help';
  if (open.length > 0) return 'help_digits';
  return isWaitedFor(last, now) ? 'help_link' : 'help';
}

/** How often within which time something is said unasked; words that must be answered have an allowance of their own. */
function allowanceOf({ says: { word } }: TextReply, about: Payment | null): readonly [string, number, number] {
  if (word === 'stop' || word === 'start' || word === 'help') return ['text-keywords', ANSWERS_PER_HOUR_MAX, HOUR_MS];
  if (about !== null) return ['text-answers', ANSWERS_PER_HOUR_MAX, HOUR_MS];
  return ['text-answers', STRANGER_ANSWERS_PER_DAY_MAX, DAY_MS];
}

/** Wordings that lead to the page. */
const LEADING: ReadonlySet<string> = new Set(['refused', 'refused_one', 'expired', 'dead', 'help_link']);

/** For a payment that waits for nobody. */
export function wordForOver(payment: Payment): string {
  if (isPaid(payment)) return 'already_paid';
  return payment.status === 'processing' ? 'busy' : 'closed';
}

/** Right digits that come too late: the payment may be paid by them, by somebody else, or not at all. */
export function wordForLate({ text: { challenge }, payment }: Offer, now: number): string {
  if (isPaid(payment)) return 'already_paid';
  if (challenge.state === 'answered') return 'under_way';
  if (challenge.state === 'open' && now < challenge.expiresAt) return 'dead';
  return 'expired';
}
