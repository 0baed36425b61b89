import type { Operator } from '../../src/contracts/operator.js';
import type { Payer } from '../../src/contracts/payer.js';
import type { Payments, Store } from '../../src/contracts/store.js';
import { sampleInstrument, samplePayer } from '../contract/samples.js';
import { faceOf } from './face.js';
import type { Household } from './household.js';
import type { Random } from './random.js';

/** A home with televisions, and what truly became of its purchase code: by that its counter is measured. */
export interface Home {
  readonly operator: Operator;
  /** As it stands in the store when the seed begins: the cards of the hand, and a purchase code. */
  readonly payer: Payer;
  /** How often somebody here has the code in mind. */
  readonly memory: number;
  /** A code as somebody keys it at a box, right or wrong, and another one each time, so that it is known which was compared. */
  keyed(isRight: boolean, box: Box): string;
  /** The slow hash, at the moment it is asked. */
  compare(code: string): boolean;
  /** The store, watched where its writes are durable. */
  watched(store: Store): Store;
  /** Whether the right code was given at this box before. */
  isProven(box: Box, at: number): boolean;
  /** Sentences, none when all is well; `isCalm` where no process died and no write was in doubt. */
  wrong(isCalm: boolean): string[];
}

export interface Box {
  readonly payment: string;
  /** Its name in attempts. */
  readonly device: string;
}

interface Keyed extends Box {
  readonly isRight: boolean;
  comparedAt: number | null;
}

const RIGHT = '12';
const WRONG = '39';
/** Fewer than a code may have, so that a digit too many does not give it away. */
const SERIAL_DIGITS = 4;
const ERRORS_MAX = 5;
const MEMORIES = [0.1, 0.7, 0.9];
export const HASH = 'hash-of-the-purchase-code';

export function openHome(seed: number, household: Household, random: Random, now: () => number): Home {
  const id = `op_simulation_${seed}`;
  const keyed = new Map<string, Keyed>();
  const chain = new Map<number, Payer>();
  const findings: string[] = [];
  const count = { raises: 0, compares: 0, right: 0 };
  const memory = random.pick(MEMORIES);
  const payer = homePayer(seed, id, random.chance(0.5) ? household.hand : household.hand.slice(0, 1));

  async function commit(payers: Store['payers'], next: Payer): Promise<boolean> {
    const committed = await payers.commit(next);
    if (committed && next.id === payer.id) {
      chain.set(next.revision, structuredClone(next));
      if (errorsOf(next) > errorsOf(chain.get(next.revision - 1))) count.raises += 1;
    }
    return committed;
  }

  return {
    ...{ payer, memory },
    operator: {
      ...{ id, revision: 1, schema: 1, status: 'enabled', name: 'Simulation', merchants: [household.merchant.id] },
      ...{ secrets: [], demo: false, createdAt: now(), updatedAt: now() },
    },
    keyed(isRight, box) {
      const code = `${isRight ? RIGHT : WRONG}${String(keyed.size).padStart(SERIAL_DIGITS, '0')}`;
      keyed.set(code, { ...box, isRight, comparedAt: null });
      return code;
    },
    compare(code) {
      const one = keyed.get(code);
      count.compares += 1;
      if (count.compares > count.raises) findings.push(`${code} is compared before its error is counted`);
      if (one === undefined) findings.push(`${code} is compared, which nobody has keyed`);
      if (one === undefined) return false;
      if (one.comparedAt !== null) findings.push(`${code} is compared twice`);
      one.comparedAt = now();
      if (one.isRight) count.right += 1;
      return one.isRight;
    },
    watched: (store) => ({
      ...store,
      payers: { ...store.payers, commit: (next) => commit(store.payers, next) },
    }),
    isProven: ({ payment, device }, at) =>
      [...keyed.values()].some(
        (one) =>
          one.isRight &&
          one.payment === payment &&
          one.device === device &&
          (one.comparedAt ?? Number.POSITIVE_INFINITY) <= at,
      ),
    wrong(isCalm) {
      const { raises, compares, right } = count;
      const missing = isCalm && raises !== compares ? [`${raises} errors are counted for ${compares} compares`] : [];
      return [...findings, ...missing, ...checkChain([...chain.values()], right)];
    },
  };
}

function homePayer(seed: number, owner: string, hand: readonly string[]): Payer {
  const instruments = hand.map((card, index) => {
    const token = `${card}.home`;
    return sampleInstrument({ id: `ins_home_${seed}_${index}`, token: `${token}_${seed}`, face: faceOf(token) });
  });
  return samplePayer({
    ...{ id: `pyr_home_${seed}`, owner, mode: 'live', account: 'home', instruments },
    purchaseCode: { hash: HASH, setAt: 0, errors: 0, lockedUntil: null },
  });
}

const errorsOf = (payer: Payer | undefined): number => payer?.purchaseCode?.errors ?? 0;

/** Each error adds one, never while the code is locked; the fifth locks; only a right code clears. */
function checkChain(chain: readonly Payer[], right: number): string[] {
  const sorted = [...chain].sort((one, other) => one.revision - other.revision);
  let clears = 0;
  const wrong = sorted.flatMap((next, index) => {
    const before = sorted[index - 1];
    const [from, to] = [errorsOf(before), errorsOf(next)];
    if (to < from) clears += 1;
    if (to <= from) return to === 0 || to === from ? [] : [`the errors of ${next.id} fall from ${from} to ${to}`];
    const found = to === from + 1 ? [] : [`the errors of ${next.id} rise from ${from} to ${to}`];
    const lockedUntil = before?.purchaseCode?.lockedUntil ?? 0;
    if (next.updatedAt < lockedUntil) found.push(`a code of ${next.id} is counted while it is locked`);
    if (to >= ERRORS_MAX && (next.purchaseCode?.lockedUntil ?? 0) <= next.updatedAt)
      found.push(`error ${to} of ${next.id} does not lock`);
    return found;
  });
  return clears > right ? [...wrong, `errors are forgiven ${clears} times for ${right} right codes`] : wrong;
}

/** Every charge by a television follows the right code, keyed at that box for that payment. */
export async function checkCharges(home: Home, payments: Pick<Payments, 'load'>, id: string): Promise<string[]> {
  const attempts = (await payments.load(id))?.attempts ?? [];
  return attempts
    .filter(({ channel, device, createdAt }) => {
      return channel === 'tv' && !home.isProven({ payment: id, device: device?.id ?? '' }, createdAt);
    })
    .map(({ id: attempt }) => `${id}: ${attempt} is paid on a television without the right code`);
}
