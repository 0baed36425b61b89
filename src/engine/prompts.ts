import type { Payment } from '../contracts/payment.js';
import type { OpenPrompt } from '../contracts/prompt.js';
import { mayBegin } from './conclude.js';
import { activeAttempt } from './draft.js';

/**
 * What is asked of the payer now: the flow's own prompt, or the payment's when a new attempt may begin. The payment's
 * prompt is named by the number of the attempt it would begin, so that a second click finds it answered.
 */
export function openPromptOf(payment: Payment, now: number): OpenPrompt | null {
  const active = activeAttempt(payment);
  if (active !== undefined) return active.prompt;
  if (mayBegin(payment, now)) return { id: beginPromptId(payment), prompt: beginPrompt(payment) };
  if (payment.status === 'processing')
    return { id: 'wait', prompt: { kind: 'wait', message: { key: 'payment.processing' } } };
  return null;
}

/** What is asked of the payer where another release must go on: a moment's patience, for the next look may meet that one. */
const ELSEWHERE: OpenPrompt = {
  id: 'elsewhere',
  prompt: { kind: 'wait', message: { key: 'payment.processing' } },
};

/** What is asked by a process that cannot go on with every payment. */
export function promptsOf({ goesOnHere }: { goesOnHere(payment: Payment): boolean }): typeof openPromptOf {
  return (payment, now) => (goesOnHere(payment) ? openPromptOf(payment, now) : ELSEWHERE);
}

export function beginPromptId(payment: Payment): string {
  return `begin.${payment.attempts.length + 1}`;
}

function beginPrompt({ instruments }: Payment): OpenPrompt['prompt'] {
  const [only, ...others] = instruments;
  if (only === 'card' && others.length === 0) {
    return { kind: 'card', ask: 'all', message: { key: 'card.enter' } };
  }
  const options = instruments.map((value) => ({ value, message: { key: `instrument.${value}` } }));
  return { kind: 'choose', message: { key: 'payment.choose' }, options };
}
