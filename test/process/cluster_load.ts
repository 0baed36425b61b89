/** People at the web processes of a cluster, while something happens to it; and the reckoning afterwards. */
import { seededRandom } from '../simulation/random.js';
import type { Cluster } from '../support/cluster.js';
import { allPayments, type Finding, findings, isAtRest, ledgerOf, type ShownPayment } from './audit.js';
import { closeBooks, isEnded } from './closing.js';
import { type Book, type Hours, sell } from './merchants.js';
import { payInTurn } from './payers.js';
import { type Caller, pause } from './requests.js';

const KEY = 'sk_test_demo';
const REST_MS_MAX = 30_000;

export interface Load {
  readonly seed: number;
  /** For each web process. */
  readonly merchants: number;
  readonly payers: number;
  /** How long all may take to come to rest after the trouble. */
  readonly restMsMax?: number;
  /** Shops close at the end: every payment must end. */
  readonly closes?: boolean;
  readonly stoodStill?: Caller['stoodStill'];
  readonly refused?: Caller['refused'];
}

/** How somebody asks, wherever he does. */
type Manners = Omit<Caller, 'url' | 'key'>;

export interface Reckoning {
  /** Sentences on all that is wrong: of the books, and of answers that must never be given. */
  readonly wrong: readonly string[];
  readonly findings: readonly Finding[];
  readonly answers: readonly string[];
  readonly payments: readonly ShownPayment[];
  /** From the end of the trouble on. */
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

/** Asks one web process after the other, as through a balancer that knows nothing of how they are. */
export function rotating(webs: Open['webs'], manners: Manners, first = 0): Caller {
  let turn = first;
  return {
    ...manners,
    key: KEY,
    get url() {
      turn += 1;
      const web = webs[turn % webs.length];
      if (web === undefined) throw new Error('nobody is open');
      return web.url;
    },
  };
}

/** Keeps people busy while `trouble` lasts, then waits until everything is at rest. */
export async function underLoad(
  cluster: Open,
  load: Load,
  book: Book,
  trouble: () => Promise<void>,
): Promise<Reckoning> {
  const answers: string[] = [];
  const { stoodStill, refused, restMsMax = REST_MS_MAX } = load;
  const hours: Hours = { isOver: false, waitUntil: Number.POSITIVE_INFINITY };
  const manners = {
    waitsUntil: () => hours.waitUntil,
    wrong: (sentence: string) => void answers.push(sentence),
    ...(stoodStill && { stoodStill }),
    ...(refused && { refused }),
  };
  const done = employ(cluster, load, book, hours, manners);
  const ended = await trouble().then(
    () => Date.now(),
    (error: unknown) => {
      answers.push(`the trouble itself went wrong: ${error}`);
      return Date.now();
    },
  );
  hours.isOver = true;
  hours.waitUntil = ended + restMsMax;
  await done;
  const { payments, found } = await reckon(cluster, book, manners, load.closes ?? false);
  const restSeconds = (Date.now() - ended) / 1_000;
  const wrong = [...answers, ...found.map(({ sentence }) => sentence)];
  return { wrong, answers, findings: found, payments, restSeconds };
}

/** Waits until everything is at rest, or ended where shops close; then holds the books against the acquirer's. */
export async function reckon(
  cluster: Open,
  book: Book,
  manners: Manners & { waitsUntil(): number },
  closes: boolean,
): Promise<{ readonly payments: readonly ShownPayment[]; readonly found: readonly Finding[] }> {
  const resting = atRest(rotating(cluster.webs, manners), manners.waitsUntil(), closes);
  const payments = await resting.catch((error: unknown) => {
    manners.wrong(String(error));
    return [];
  });
  return { payments, found: findings(book, payments, await ledgerOf(cluster.sandbox)) };
}

/** Resolves when everybody has gone home. */
async function employ({ webs }: Open, load: Load, book: Book, hours: Hours, manners: Manners): Promise<void> {
  const random = seededRandom(load.seed);
  const shops = (kind: string, each: number) =>
    Array.from({ length: each * webs.length }, (_, index) => ({
      caller: rotating(webs, manners, index),
      book,
      hours,
      name: `${kind}${load.seed}-${index}`,
      random: seededRandom(random.between(1, 2 ** 31)),
    }));
  const people = [...shops('m', load.merchants).map(sell), ...shops('p', load.payers).map(payInTurn)];
  await Promise.all(people.map((person) => person.catch((error: unknown) => manners.wrong(String(error)))));
}

async function atRest(caller: Caller, deadline: number, closes: boolean): Promise<ShownPayment[]> {
  for (let look = 1; ; look += 1) {
    const payments = await allPayments(caller);
    if (payments.every(closes ? isEnded : isAtRest) || Date.now() > deadline) return payments;
    if (closes) await closeBooks(caller, payments, look);
    await pause(100);
  }
}
