import type { NewPayment } from '../../src/contracts/engine.js';
import { drawToken, faceOf, type Ground } from './actors.js';

/** A payment as a merchant might ask for it. */
export function drawPayment(seed: number, index: number, ground: Ground): NewPayment {
  const { random, time } = ground;
  const token = drawToken(ground, false);
  const isPayWith = random.chance(0.4);
  // Read off the seed, so that what the others draw stays what it was.
  const isOnlySaved = seed % 16 === 5 && !isPayWith;
  const amount = random.between(100, 10_000);
  return {
    id: `pay_${seed}_${index}`,
    mode: 'test',
    merchant: 'mer_simulation',
    amount: isOnlySaved ? 0 : amount,
    currency: 'EUR',
    // Sometimes two payments want one reference: late money may find it taken.
    reference: `order-${seed}-${random.chance(0.3) ? 0 : index}`,
    description: null,
    capture: random.pick(['automatic', 'manual']),
    instruments: ['card'],
    channels: ['web'],
    payer: { account: seed % 2 === 1 ? 'cust-1' : null, email: null, phone: null, name: null, language: null },
    origin: 'web',
    returnUrl: null,
    cancelUrl: null,
    metadata: {},
    terms: {
      lateMoney: random.pick(['return', 'keep', 'review']),
      merchantName: 'Simulation',
      statementDescriptor: null,
      attemptsMax: 5,
    },
    expiresAt: time.now() + random.pick([20_000, 60_000, 600_000]),
    deadline: time.now() + 10_000,
    payWith: isPayWith
      ? { reason: random.pick(['unscheduled', 'recurring', 'payer_present']), token, face: faceOf(token) }
      : null,
    request: null,
  };
}
