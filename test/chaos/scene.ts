/** A whole cluster under load, with real servers that are killed, frozen and cut off; and its books afterwards. */
import type { Finding } from '../process/audit.js';
import { rotating, underLoad } from '../process/cluster_load.js';
import { createEar } from '../process/hearing.js';
import { askAgain, type Book } from '../process/merchants.js';
import { openReceiver } from '../process/receiver.js';
import { pause, post } from '../process/requests.js';
import { seededRandom } from '../simulation/random.js';
import { type Cluster, startCluster } from '../support/cluster.js';
import { type GuichetProcess, sandboxProcess } from '../support/guichet.js';
import { type ReplicaSet, startReplicaSet } from '../support/replica_set.js';
import { FAULTS, type FaultName, type Lengths, type Stage } from './faults.js';

export interface ScenePlan {
  readonly mongod: string;
  readonly redisServer: string;
  readonly lengths: Lengths;
  /** For each of the two web processes. */
  readonly merchants: number;
  readonly payers: number;
  /** How long after the end of a fault all may take to end, and to be told. */
  readonly endMsMax: number;
}

export interface Harm {
  readonly kind: Finding['kind'] | 'unheard' | 'answer';
  readonly sentence: string;
}

export interface Round {
  /** What was done, in their order. */
  readonly deeds: readonly string[];
  readonly payments: number;
  readonly requests: number;
  /** Answers of 503, which ask to come again, and none at all while a process or the primary stood still. */
  readonly refusals: number;
  readonly faultSeconds: number;
  /** From the end of the last fault until every payment of the scene had ended. */
  readonly endSeconds: number;
  readonly harm: readonly Harm[];
}

export interface Hearing {
  /** New in the feed since the last hearing, and deliveries that came. */
  readonly events: number;
  readonly received: number;
  readonly seconds: number;
  readonly harm: readonly Harm[];
}

export interface Scene {
  readonly cluster: Cluster;
  readonly book: Book;
  /** Lets `faults` strike one after the other under one load, then waits until every payment has ended, and audits all. */
  round(seed: number, faults: readonly FaultName[]): Promise<Round>;
  /** Waits until the merchant's server was told of everything. */
  hear(): Promise<Hearing>;
  /** What each process wrote at last. */
  lastWords(): string;
  close(): Promise<void>;
}

const REPEATS = 20;
const WORDS_MAX = 8_000;

export async function openScene(plan: ScenePlan): Promise<Scene> {
  const sandbox = await sandboxProcess();
  const replicaSet = await startReplicaSet(plan.mongod).catch(async (error: unknown) => {
    await sandbox.close();
    throw error;
  });
  const cluster = await startCluster({
    ...{ mongo: replicaSet, sandbox, redisServer: plan.redisServer, webs: 2, workers: 2 },
    redisSettings: ['--appendonly', 'yes'],
    settings: { LOG_LEVEL: 'warn' },
  });
  const receiver = await openReceiver();
  const close = async (): Promise<void> => {
    for (const member of [...cluster.webs, ...cluster.workers]) member.thaw();
    await cluster.close();
    await receiver.close();
  };
  try {
    return await begin(plan, cluster, replicaSet, receiver, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function begin(
  plan: ScenePlan,
  cluster: Cluster,
  replicaSet: ReplicaSet,
  receiver: Awaited<ReturnType<typeof openReceiver>>,
  close: () => Promise<void>,
): Promise<Scene> {
  const book: Book = { orders: new Map(), told: [] };
  const answers: string[] = [];
  const caller = rotating(cluster.webs, { wrong: (sentence) => void answers.push(sentence) });
  const endpoint = await post(caller, '/v1/webhook_endpoints', { url: receiver.url }, 'endpoint');
  receiver.trust(String(endpoint.body['secret']));
  const ear = createEar(caller, receiver);
  const stills = createStills();
  let heard = { events: 0, received: 0 };

  return {
    cluster,
    book,
    async round(seed, faults) {
      const random = seededRandom(seed);
      const stage: Stage = { cluster, replicaSet, random, lengths: plan.lengths, standStill: stills.standStill };
      const before = { payments: book.orders.size, requests: book.told.length };
      const { merchants, payers, lengths, endMsMax } = plan;
      const restMsMax = endMsMax - lengths.around[1];
      const begun = Date.now();
      const deeds: string[] = [];
      let afterMs = 0;
      let refusals = 0;
      const refused = (): void => {
        refusals += 1;
      };
      const { stoodStill } = stills;
      const load = { seed, merchants, payers, restMsMax, closes: true, stoodStill, refused };
      const reckoning = await underLoad(cluster, load, book, async () => {
        for (const name of faults) {
          await pause(random.between(...lengths.around));
          const isOfTheStore = name.startsWith('primary');
          const deed = FAULTS[name](stage);
          deeds.push(`${name}: ${await (isOfTheStore ? stills.during(EVERYWHERE, deed) : deed)}`);
        }
        // People go on for a while after it.
        afterMs = random.between(...lengths.around);
        await pause(afterMs);
      });
      const endSeconds = reckoning.restSeconds + afterMs / 1_000;
      const faultSeconds = (Date.now() - begun) / 1_000 - endSeconds;
      for (let count = 0; count < REPEATS && book.told.length > 0; count += 1) {
        await askAgain(caller, random.pick(book.told));
      }
      const wrong = [...reckoning.answers, ...answers.splice(0)].map((sentence) => harm('answer', sentence));
      const [payments, requests] = [book.orders.size - before.payments, book.told.length - before.requests];
      return { deeds, payments, requests, refusals, faultSeconds, endSeconds, harm: [...reckoning.findings, ...wrong] };
    },
    async hear() {
      const begun = Date.now();
      const { events, received, wrong } = await ear.hearEverything(begun + plan.endMsMax);
      const seconds = (Date.now() - begun) / 1_000;
      const fresh = { events: events - heard.events, received: received - heard.received };
      heard = { events, received };
      return { ...fresh, seconds, harm: wrong.map((sentence) => harm('unheard', sentence)) };
    },
    lastWords: () =>
      [...cluster.webs, ...cluster.workers]
        .map((member) => `${member.url} wrote at last:\n${member.output().slice(-WORDS_MAX)}`)
        .join('\n'),
    close,
  };
}

const harm = (kind: Harm['kind'], sentence: string): Harm => ({ kind, sentence });

/** As the place of what stands still: all processes wait for it. */
const EVERYWHERE = '';

/** Who stood still, and when: silence of theirs is no fault of the product. */
function createStills() {
  const stills: { readonly url: string; until: number }[] = [];

  async function during<T>(url: string, what: Promise<T>): Promise<T> {
    const still = { url, until: Number.POSITIVE_INFINITY };
    stills.push(still);
    try {
      return await what;
    } finally {
      still.until = Date.now();
    }
  }

  return {
    during,
    async standStill(member: GuichetProcess, ms: number): Promise<void> {
      member.freeze();
      await during(member.url, pause(ms));
      member.thaw();
    },
    stoodStill: (url: string, since: number): boolean =>
      stills.some((still) => (still.url === EVERYWHERE || still.url === url) && still.until > since),
  };
}
