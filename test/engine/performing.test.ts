/** What a call becomes when the security code it needs is not here. */
import { expect, it } from 'vitest';
import { createPerformer } from '../../src/engine/perform.js';
import { sampleAttempt, samplePayment } from '../contract/samples.js';

it.each([
  [true, 'held_elsewhere'],
  [false, 'security_code_lost'],
])('a code that another process holds (%s) is not sent: %s', async (isHeld, reason) => {
  const operation = { id: 'op_1', type: 'authorize', status: 'sent', amount: 1_000, nextAt: 10_000 } as never;
  const attempt = sampleAttempt({ card: 'tok_1', acquirer: 'model', operations: [operation] });
  const unreachable = () => Promise.reject(new Error('it is not to be called'));
  const performer = createPerformer({
    clock: { now: () => 0, at: () => () => undefined },
    vault: {
      openCard: async () => ({ card: { kind: 'acquirer_token', token: 'tok_1' }, securityCodeLost: true }),
      isHeldElsewhere: async () => isHeld,
    },
    acquirers: new Map([['model', { name: 'model', authorize: unreachable } as never]]),
    authenticator: {} as never,
    cards: {} as never,
    leaseMarginMs: 1_000,
    resultUrl: () => '',
    returnUrl: () => '',
  });
  const call = { kind: 'operation', attempt: attempt.id, operation: 'op_1', call: 1, asking: 'perform' } as const;
  const payment = samplePayment({ attempts: [attempt] });
  expect(await performer.perform(payment, call)).toMatchObject({ outcome: { outcome: 'not_sent', reason } });
});
