import type { CancelCommand, CaptureCommand, RefundCommand } from '../../src/contracts/engine.js';
import { type Sketch, START } from './sketch.js';

export const command = { request: null, deadline: START };
export const cancel = (by: CancelCommand['by'] = 'merchant') =>
  ({ type: 'cancel', command: { ...command, by } }) as const;
export const capture = (amount: number | null = null, final = true) =>
  ({ type: 'capture', command: { ...command, amount, final } satisfies CaptureCommand }) as const;
export const refund = (amount: number | null = null) =>
  ({
    type: 'refund',
    command: { ...command, amount, reason: null, reference: null, metadata: {} } satisfies RefundCommand,
  }) as const;

/** A short language for what happens: a word per step. */
export function play(payment: Sketch, story: string): void {
  for (const word of story.split(' ').filter(Boolean)) {
    const [verb = '', detail = ''] = word.split(':');
    if (verb === 'card') payment.giveCard(detail === '' ? {} : { fingerprint: detail, token: `tok_${detail}` });
    else if (verb === 'proved') payment.authenticate(detail || 'Y');
    else if (verb === 'wait') payment.wait();
    else if (verb === 'cancel') payment.tell(cancel((detail || 'merchant') as 'merchant'));
    else if (verb === 'take')
      payment.tell(capture(detail === '' ? null : Math.abs(Number(detail)), !detail.startsWith('-')));
    else if (verb === 'repay') payment.tell(refund(detail === '' ? null : Number(detail)));
    else if (verb === 'keep' || verb === 'return')
      payment.tell({ type: 'resolve', command: { ...command, decision: verb } });
    else payment.answer(verb as 'authorize', detail);
  }
}
