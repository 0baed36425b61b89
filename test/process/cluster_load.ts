/** People at every web process of a cluster, while something happens to it; and the reckoning afterwards. */
import { seededRandom } from '../simulation/random.js';
import type { Cluster } from '../support/cluster.js';
import { allPayments, audit, isAtRest, ledgerOf, type ShownPayment } from './audit.js';
import { type Book, type Hours, sell } from './merchants.js';
import { payInTurn } from './payers.js';
import { type Caller, pause } from './requests.js';

const KEY = 'sk_test_demo';
const REST_MS_MAX = 30_000;

export interface Load {
  readonly seed: number;
  /** At each web process. */
  readonly merchants: number;
  readonly payers: number;
}

export interface Reckoning {
  readonly wrong: readonly string[];
  readonly payments: readonly ShownPayment[];
  readonly restSeconds: number;
}

/** Where people come in, and whose money it is. */
export interface Open {
  readonly webs: readonly { readonly url: string }[];
  readonly sandbox: Cluster['sandbox'];
}

export function callersOf({ webs }: Open, wrong: (sentence: string) => void): Caller[] {
  return webs.map(({ url }) => ({ url, key: KEY, wrong }));
}

/** Keeps people busy while `trouble` lasts, then waits until everything is at rest. */
export async function underLoad(
  cluster: Open,
  load: Load,
  book: Book,
  trouble: () => Promise<void>,
): Promise<Reckoning> {
  const wrong: string[] = [];
  const callers = callersOf(cluster, (sentence) => wrong.push(sentence));
  const hours: Hours = { isOver: false, waitUntil: Number.POSITIVE_INFINITY };
  const random = seededRandom(load.seed);
  const people = callers.flatMap((caller, web) => {
    const patient = { ...caller, waitsUntil: () => hours.waitUntil };
    const shopOf = (name: string) => {
      return { caller: patient, book, hours, name, random: seededRandom(random.between(1, 2 ** 31)) };
    };
    return [
      ...Array.from({ length: load.merchants }, (_, index) => sell(shopOf(`m${load.seed}-${web}-${index}`))),
      ...Array.from({ length: load.payers }, (_, index) => payInTurn(shopOf(`p${load.seed}-${web}-${index}`))),
    ];
  });
  const done = Promise.all(people.map((person) => person.catch((error: unknown) => void wrong.push(String(error)))));
  await trouble();
  hours.isOver = true;
  const began = Date.now();
  hours.waitUntil = began + REST_MS_MAX;
  await done;
  const payments = await atRest(callers, began + REST_MS_MAX);
  const restSeconds = (Date.now() - began) / 1_000;
  wrong.push(...audit(book, payments, await ledgerOf(cluster.sandbox)));
  return { wrong, payments, restSeconds };
}

async function atRest(callers: readonly Caller[], deadline: number): Promise<ShownPayment[]> {
  for (let look = 0; ; look += 1) {
    const caller = callers[look % callers.length];
    if (caller === undefined) throw new Error('a cluster has a web process');
    const payments = await allPayments(caller);
    if (payments.every(isAtRest) || Date.now() > deadline) return payments;
    await pause(100);
  }
}
