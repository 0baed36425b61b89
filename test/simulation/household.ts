import type { Merchant } from '../../src/contracts/merchant.js';
import { callableAt } from '../../src/contracts/numbers.js';
import type { Payer } from '../../src/contracts/payer.js';
import { sampleInstrument, sampleMerchant, samplePayer } from '../contract/samples.js';
import { faceOf } from './face.js';
import type { Random } from './random.js';

/** Who pays in a seed in which payers come by every way, and whom: one account with a telephone and a stored card. */
export interface Household {
  readonly merchant: Merchant;
  readonly payer: Payer;
  /** Its telephone. */
  readonly number: string;
  /** The few cards in its hands, the stored one first: one that was refused here comes back there. */
  readonly hand: readonly string[];
}

const FATES = ['approve', 'approve', 'approve', 'decline', 'pending', 'authentication_required'];
const PROOFS = ['', 'challenge', 'challenge', 'device-challenge', 'refused'];
const FIRST_NUMBER = 10_000_000;
const NUMBERS = 90_000_000;
/** France, Peru, Japan: on a weekday it is day in one of them, whatever the hour, and calls are placed by day only. */
const MOBILES = ['+336', '+519', '+8190'];
/** One seed in so many lives in France whatever the hour, so that calls wait for the morning too. */
const NIGHTS = 5;

export function drawHousehold(seed: number, random: Random, now: number): Household {
  const hand = [1, 2].map((card) => `${random.pick(FATES)}.${random.pick(PROOFS)}.${card}`);
  const number = drawNumber(seed, now);
  const token = `${hand[0]}.stored`;
  const base = sampleMerchant();
  // A merchant and a number of its own: what is counted under them is this seed's alone.
  const id = `mer_simulation_${seed}`;
  const profile = {
    ...base.profile,
    channels: ['web', 'ivr', 'sms', 'tv'] as const,
    smsConfirmLimit: { EUR: 15_000 },
  };
  return {
    merchant: { ...base, id, profile },
    payer: samplePayer({
      ...{
        id: `pyr_${seed}`,
        owner: id,
        mode: 'live',
        account: 'cust-1',
        phone: number,
        defaultInstrument: 'ins_card',
      },
      instruments: [sampleInstrument({ id: 'ins_card', token, face: faceOf(token) })],
    }),
    ...{ number, hand },
  };
}

function drawNumber(seed: number, now: number): string {
  const numbers = MOBILES.map((beginning) => `${beginning}${FIRST_NUMBER + (seed % NUMBERS)}`);
  const awake = seed % NIGHTS === 0 ? undefined : numbers.find((number) => callableAt(number, now) === now);
  return awake ?? numbers[0] ?? '';
}
