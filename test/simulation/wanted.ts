import type { NewPayment, ReachWish } from '../../src/contracts/engine.js';
import { drawToken, type Ground } from './actors.js';
import { faceOf } from './face.js';
import type { Household } from './household.js';
import type { Random } from './random.js';

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

/** The same, to be met by every way, with time enough for a text to be answered. */
export function metAnywhere(wanted: NewPayment, { merchant, number }: Household, { random, time }: Ground): NewPayment {
  return {
    ...wanted,
    ...{ mode: 'live', merchant: merchant.id, amount: Math.max(wanted.amount, 100) },
    channels: ['web', 'ivr', 'sms', 'tv'],
    origin: random.pick(['web', 'telephone']),
    payer: { ...wanted.payer, account: random.chance(0.85) ? 'cust-1' : null, phone: number },
    terms: { ...wanted.terms, telephoneOrders: random.pick(['any', 'begun_by_phone', 'begun_by_phone', 'never']) },
    expiresAt: time.now() + random.pick([150_000, 600_000, 900_000]),
    ...(random.chance(0.6) && { reach: reachTo(number, random) }),
  };
}

export function reachTo(number: string, random: Random): ReachWish {
  const [channel, other] = random.chance(0.75) ? (['sms', 'ivr'] as const) : (['ivr', 'sms'] as const);
  return { channel, to: number, fallback: random.chance(0.5) ? [{ channel: other, to: number }] : [] };
}
