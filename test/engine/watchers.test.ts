/** Those who listen for word of a payment. */
import { expect, it } from 'vitest';
import type { Payment } from '../../src/contracts/payment.js';
import { createWatchers } from '../../src/engine/watchers.js';
import { virtualClock } from '../clock.js';

it('hear it although somebody who listened before them stops twice', async () => {
  const clock = virtualClock(0);
  const watchers = createWatchers({ payments: { load: async () => null } } as never, clock, null);
  const before = watchers.listen('pay_1', 1_000);
  before.stop();
  const now = watchers.listen('pay_1', 1_000);
  before.stop();
  watchers.tell({ id: 'pay_1', revision: 1 } as Payment);
  await now.woken;
  expect(clock.nextAt()).toBeNull();
});
