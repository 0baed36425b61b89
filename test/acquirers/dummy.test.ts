import { expect, it } from 'vitest';
import { createDummyAcquirer } from '../../src/acquirers/dummy.js';
import { authorizeCallOf, proveAcquirer } from '../contract/acquirer.js';

const card = { kind: 'acquirer_token', token: 'tok_any' } as const;

proveAcquirer('dummy', async () => ({
  acquirer: createDummyAcquirer(),
  card,
  now: () => 0,
  close: async () => {},
}));

it('keeps two dummies apart', async () => {
  const call = authorizeCallOf(0, card);
  await createDummyAcquirer().authorize(call);
  expect(await createDummyAcquirer().inquire(call)).toEqual({ outcome: 'not_found' });
});
