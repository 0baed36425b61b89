import type { Engine } from '../contracts/engine.js';
import type { Payment } from '../contracts/payment.js';
import type { OpenPrompt } from '../contracts/prompt.js';
import { ELSEWHERE, openPromptOf } from '../engine/prompts.js';

/** What payers are asked in this process, on any channel: patience, where another release must go on. */
export function askedHere(engine: Pick<Engine, 'goesOnHere'>): (payment: Payment, now: number) => OpenPrompt | null {
  return (payment, now) => (engine.goesOnHere(payment) ? openPromptOf(payment, now) : ELSEWHERE);
}
