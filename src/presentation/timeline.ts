import { rfc3339 } from '../contracts/clock.js';
import { amountText } from '../contracts/money.js';
import type { JournalEvent, Payment } from '../contracts/payment.js';
import { capturableOf } from '../engine/ledger.js';
import { checksNextAt } from './attempt.js';
import { declineMessage, type Language } from './declines.js';
import { cardWords, channelWords, reasonWords, sentenceFor, sentenceOf, type Words } from './timeline_words.js';

/**
 * The journal as a story for people: what happened, on which channel and why, then what comes next and when. Oldest
 * first, complete.
 */
export function presentTimeline(payment: Payment, language: Language): Record<string, unknown> {
  return {
    object: 'timeline',
    payment: payment.id,
    status: payment.status,
    language,
    data: payment.events.map((event) => {
      const { channel, words } = tell(payment, event, language);
      const { at, type, note } = event;
      return {
        at: rfc3339(at),
        type,
        channel,
        reason: note,
        text: sentenceFor(sentenceOf(event, payment.amount === 0), language, words),
      };
    }),
    next: nextOf(payment, language),
  };
}

/** Where a payment was met without anything being tried. */
const MEETINGS: Readonly<Record<string, string>> = {
  'channel.call_started': 'ivr',
  'channel.device_paired': 'tv',
  'channel.page_opened': 'web',
};

function metOn({ wish }: Payment, { type }: JournalEvent): string | null {
  if (type === 'payment.canceled' && wish?.to === 'cancel') return wish.channel ?? null;
  return MEETINGS[type] ?? null;
}

function tell(payment: Payment, event: JournalEvent, language: Language): { channel: string | null; words: Words } {
  const attempt = payment.attempts.find(({ id }) => id === event.about);
  const part = [...payment.captures, ...payment.refunds].find(({ id }) => id === event.about);
  const isOfMerchant = event.type === 'payment.created' || part !== undefined;
  const channel = attempt?.channel ?? (isOfMerchant ? 'api' : metOn(payment, event));
  const decline = attempt !== undefined && event.type === 'attempt.declined' ? event.note : null;
  const words: Words = {
    amount: amountText({ amount: part?.amount ?? payment.amount, currency: payment.currency }, language),
    card: cardWords(attempt?.face?.last4 ?? null, language),
    channel: channelWords(channel, language),
    why: decline === null ? reasonWords(event.note, language) : because(decline, language),
  };
  return { channel, words };
}

/** The decline's own sentence as a clause: ` (this card has expired)`. */
function because(code: string, language: Language): string {
  const sentence = declineMessage(code, language).replace(/\.$/, '');
  return ` (${sentence.charAt(0).toLowerCase()}${sentence.slice(1)})`;
}

const NOTHING: Words = { amount: '', card: '', channel: '', why: '' };

function nextOf(payment: Payment, language: Language): Record<string, unknown> | null {
  const next = whatComes(payment);
  if (next === null) return null;
  const { type, at } = next;
  return { at: at === null ? null : rfc3339(at), type, text: sentenceFor(`next.${type}`, language, NOTHING) };
}

function whatComes(payment: Payment): { type: 'pay' | 'check' | 'capture' | 'review'; at: number | null } | null {
  switch (payment.status) {
    case 'requires_payment_method':
    case 'requires_action':
      return { type: 'pay', at: payment.expiresAt };
    case 'processing':
      return { type: 'check', at: earliest(payment.attempts.map(checksNextAt)) };
    case 'requires_capture':
    case 'partially_captured': {
      const held = payment.attempts.filter((attempt) => capturableOf(attempt) > 0);
      return { type: 'capture', at: earliest(held.map(({ captureBefore }) => captureBefore)) };
    }
    case 'requires_review':
      return { type: 'review', at: null };
    case 'succeeded':
    case 'canceled':
    case 'failed':
    case 'expired':
      return null;
  }
}

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((at) => at !== null);
  return known.length === 0 ? null : Math.min(...known);
}
