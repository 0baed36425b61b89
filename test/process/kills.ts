/** A house under load that is killed at random and starts again, until its callers have been through enough. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Random, seededRandom } from '../simulation/random.js';
import {
  freePort,
  type GuichetProcess,
  guichetProcess,
  type OutsideSandbox,
  outsideSandbox,
} from '../support/guichet.js';
import { allPayments, audit, type Bank, isAtRest, ledgerOf, type ShownPayment } from './audit.js';
import { createEar, type Heard } from './hearing.js';
import { askAgain, type Book, type Hours, type Shop, sell } from './merchants.js';
import { payInTurn } from './payers.js';
import { openReceiver } from './receiver.js';
import { type Caller, pause, post } from './requests.js';

export interface Plan {
  readonly seed: number;
  readonly kills: number;
  readonly merchants: number;
  readonly payers: number;
  /** `inside`: in the process that is killed, as `npm start` has it. `outside`: it lives on. */
  readonly sandbox: 'inside' | 'outside';
  /** Told after each kill. */
  progress?(kills: number): void;
}

export interface Figures {
  readonly kills: number;
  /** Of them before the process listened. */
  readonly killsAtStart: number;
  readonly payments: number;
  readonly requests: number;
  /** From the last start until every payment was at rest. */
  readonly restSeconds: number;
  readonly seconds: number;
}

export interface Scene {
  /** Kills, starts and waits until all is at rest; answers what is wrong, and how much was done. */
  run(): Promise<{ wrong: string[]; figures: Figures }>;
  /** Waits until the merchant's server was told of every event; answers what is wrong. */
  hearEverything(deadlineMs: number): Promise<Heard>;
  readonly process: GuichetProcess;
  close(): Promise<void>;
}

const KEY = 'sk_test_demo';
const REST_MS_MAX = 15_000;
/** How long a life lasts after it listens, and how far a start gets that is killed. */
const LIFE_MS = [30, 700] as const;
const START_MS = [10, 450] as const;
const START_KILLED = 0.25;
const REPEATS_AT_END = 100;

/** A started house with a merchant's server that listens to it; nothing happens before `run`. */
export async function openScene(plan: Plan): Promise<Scene> {
  const receiver = await openReceiver();
  const port = await freePort();
  const notificationUrl = `http://127.0.0.1:${port}/acquirers/sandbox/notifications`;
  const outside = plan.sandbox === 'outside' ? await outsideSandbox({ notificationUrl }) : null;
  const settings = { LOG_LEVEL: 'warn', ...(outside !== null && { SANDBOX_URL: outside.setting }) };
  const guichet = await guichetProcess({ port, settings });
  const close = async (): Promise<void> => {
    await guichet.close();
    await outside?.close();
    await receiver.close();
  };
  try {
    await guichet.start();
    const wrong: string[] = [];
    const caller: Caller = { url: guichet.url, key: KEY, wrong: (sentence) => wrong.push(sentence) };
    const endpoint = await post(caller, '/v1/webhook_endpoints', { url: receiver.url }, 'endpoint');
    receiver.trust(String(endpoint.body['secret']));
    const ear = createEar(caller, receiver);
    return {
      process: guichet,
      run: () => run(plan, guichet, caller, wrong, () => bankOf(guichet, outside)),
      hearEverything: (deadlineMs) => ear.hearEverything(Date.now() + deadlineMs),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function run(
  plan: Plan,
  guichet: GuichetProcess,
  caller: Caller,
  wrong: string[],
  bank: () => Bank,
): Promise<{ wrong: string[]; figures: Figures }> {
  const begun = Date.now();
  const random = seededRandom(plan.seed);
  const book: Book = { orders: new Map(), told: [] };
  const hours: Hours = { isOver: false, waitUntil: Number.POSITIVE_INFINITY };
  const patient: Caller = { ...caller, waitsUntil: () => hours.waitUntil };
  const shopOf = (name: string): Shop => {
    return { caller: patient, book, hours, name, random: seededRandom(random.between(1, 2 ** 31)) };
  };
  const people = [
    ...Array.from({ length: plan.merchants }, (_, index) => sell(shopOf(`m${plan.seed}-${index}`))),
    ...Array.from({ length: plan.payers }, (_, index) => payInTurn(shopOf(`p${plan.seed}-${index}`))),
  ];
  const done = Promise.all(people.map((person) => person.catch((error: unknown) => void wrong.push(String(error)))));
  const killsAtStart = await killAll(plan, random, guichet);
  const restarted = Date.now();
  hours.isOver = true;
  hours.waitUntil = restarted + REST_MS_MAX;
  await done;
  const payments = await atRest(caller, restarted + REST_MS_MAX);
  const restSeconds = (Date.now() - restarted) / 1_000;
  wrong.push(...audit(book, payments, await ledgerOf(bank())));
  for (let count = 0; count < REPEATS_AT_END && book.told.length > 0; count += 1) {
    await askAgain(caller, random.pick(book.told));
  }
  wrong.push(...(await secondLook(caller, payments)));
  const { kills } = plan;
  const seconds = (Date.now() - begun) / 1_000;
  const figures = { kills, killsAtStart, payments: payments.length, requests: book.told.length, restSeconds, seconds };
  return { wrong, figures };
}

/** Ends with a life that is not ended. Answers how many starts were killed. */
async function killAll({ kills, progress }: Plan, random: Random, guichet: GuichetProcess): Promise<number> {
  let atStart = 0;
  for (let kill = 1; kill <= kills; kill += 1) {
    await pause(random.between(...LIFE_MS));
    await guichet.end('SIGKILL');
    progress?.(kill);
    if (kill < kills && random.chance(START_KILLED)) {
      guichet.launch();
      await pause(random.between(...START_MS));
      await guichet.end('SIGKILL');
      kill += 1;
      atStart += 1;
    }
    await guichet.start();
  }
  return atStart;
}

/** All payments once they are at rest, or as they are at the deadline. */
async function atRest(caller: Caller, deadline: number): Promise<ShownPayment[]> {
  for (;;) {
    const payments = await allPayments(caller);
    if (payments.every(isAtRest) || Date.now() > deadline) return payments;
    await pause(100);
  }
}

/** Repeated requests have changed nothing. (A look at what was reversed, until its horizon, moves `updated_at` alone.) */
async function secondLook(caller: Caller, before: readonly ShownPayment[]): Promise<string[]> {
  const textOf = (payment: ShownPayment): string => JSON.stringify({ ...payment, updated_at: null });
  const known = new Map(before.map((payment) => [payment.id, textOf(payment)]));
  return (await allPayments(caller))
    .filter((payment) => known.get(payment.id) !== textOf(payment))
    .map((payment) => `${payment.id} changed, from ${known.get(payment.id)} to ${textOf(payment)}`);
}

function bankOf({ dataDir }: GuichetProcess, outside: OutsideSandbox | null): Bank {
  if (outside !== null) return outside;
  const text = readFileSync(join(dataDir, 'sandbox.json'), 'utf8');
  const { port, credential } = JSON.parse(text) as { port: number; credential: string };
  return { url: `http://127.0.0.1:${port}`, credential };
}
