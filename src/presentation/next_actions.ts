import { rfc3339 } from '../contracts/clock.js';
import type { Payment } from '../contracts/payment.js';
import { maskedNumber } from '../contracts/telephone.js';
import { checksNextAt } from './attempt.js';

export type NextAction =
  | { readonly type: 'redirect_to_url'; readonly url: string }
  | { readonly type: 'ivr_prompt'; readonly telephone: string; readonly payment_code: string; readonly tel_uri: string }
  | {
      readonly type: 'device_code';
      readonly user_code: string;
      readonly verification_uri: string;
      readonly verification_uri_complete: string;
      /** Seconds between two looks. */
      readonly interval: number;
      /** Seconds from now. */
      readonly expires_in: number;
    }
  | { readonly type: 'sms_challenge'; readonly to_masked: string; readonly expires_at: string }
  | { readonly type: 'wait'; readonly next_check_at: string | null };

export interface Ways {
  /** The page of the payment; null until a payer may come. */
  readonly payLink: string | null;
  /** Where the payer calls; null without a telephone. */
  readonly telephone: string | null;
  readonly publicUrl: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const DEVICE_LOOKS_EVERY_SECONDS = 5;

/** Every way that is open to the payer now, the likeliest first; a payment nobody can act on says when we look again. */
export function nextActionsOf(payment: Payment, ways: Ways): NextAction[] {
  if (payment.status === 'processing') return [waiting(payment)];
  if (payment.status !== 'requires_payment_method' && payment.status !== 'requires_action') return [];
  const actions: NextAction[] = [];
  for (const channel of payment.channels) {
    if (channel === 'web' && ways.payLink !== null) actions.push({ type: 'redirect_to_url', url: ways.payLink });
    if (channel === 'sms') actions.push(...answering(payment, ways.now));
    if (payment.code === null) continue;
    if (channel === 'ivr' && ways.telephone !== null) actions.push(calling(ways.telephone, payment.code));
    if (channel === 'tv') actions.push(pairing(payment.code, payment.expiresAt, ways));
  }
  return actions;
}

function waiting(payment: Payment): NextAction {
  const times = payment.attempts.map(checksNextAt).filter((at) => at !== null);
  return { type: 'wait', next_check_at: times.length === 0 ? null : rfc3339(Math.min(...times)) };
}

/** Texts whose six digits may still be sent back. */
function answering({ reaches }: Payment, now: number): NextAction[] {
  return reaches.flatMap(({ channel, to, answerBy }) => {
    if (channel !== 'sms' || to === null || answerBy == null || answerBy <= now) return [];
    return [{ type: 'sms_challenge', to_masked: maskedNumber(to), expires_at: rfc3339(answerBy) } as const];
  });
}

function calling(telephone: string, code: string): NextAction {
  return { type: 'ivr_prompt', telephone, payment_code: code, tel_uri: `tel:${telephone}` };
}

function pairing(code: string, expiresAt: number, { publicUrl, now }: Ways): NextAction {
  return {
    type: 'device_code',
    user_code: code,
    verification_uri: `${publicUrl}/link`,
    verification_uri_complete: `${publicUrl}/link?code=${code}`,
    interval: DEVICE_LOOKS_EVERY_SECONDS,
    expires_in: Math.max(0, Math.floor((expiresAt - now) / 1_000)),
  };
}
