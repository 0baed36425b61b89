/** What a process that does not send does with what waits: tells a worker, or sends itself; and what it forgets then. */
import { expect, it } from 'vitest';
import { createHandingOver } from '../../src/engine/handing_over.js';
import { sampleAttempt, samplePayment } from '../contract/samples.js';

const WAITING = { type: 'authorize', status: 'waiting', settledAt: null } as never;

function handing(world: { readonly told: boolean; readonly alone?: boolean; readonly lost?: boolean }) {
  const payment = samplePayment({ attempts: [sampleAttempt({ card: 'tok_1', operations: [WAITING] })] });
  const did: string[] = [];
  const handOver = createHandingOver({
    handover: {
      offer: async () => {
        did.push('told');
        return world.told;
      },
    },
    vault: {
      holdsAlone: () => world.alone === true,
      openCard: async () => ({ securityCodeLost: world.lost === true }) as never,
      dropSecurityCode: (token) => void did.push(`forgot ${token}`),
    },
    claim: async () => {
      did.push('sends');
      return payment;
    },
    troubled: async (_, error) => {
      throw error;
    },
  });
  return { did, done: handOver(payment) };
}

it.each([
  ['forgets the code once a worker was told', { told: true }, ['told', 'forgot tok_1']],
  ['sends itself where none could be told, and needs the code for it', { told: false }, ['told', 'sends']],
  ['leaves what only workers can open to them', { told: false, lost: true }, ['told']],
  ['tells nobody of a code that it alone holds', { told: true, alone: true }, ['sends']],
] as const)('%s', async (_, world, expected) => {
  const { did, done } = handing(world);
  await done;
  expect(did).toEqual(expected);
});
