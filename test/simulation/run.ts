import { flows } from '../../flows/index.js';
import type { Engine, NewPayment } from '../../src/contracts/engine.js';
import { DuplicateKey } from '../../src/contracts/errors.js';
import type { Jobs } from '../../src/contracts/jobs.js';
import type { Log } from '../../src/contracts/log.js';
import type { Payment } from '../../src/contracts/payment.js';
import type { Store } from '../../src/contracts/store.js';
import { isEnded } from '../../src/engine/conclude.js';
import { createEngine } from '../../src/engine/index.js';
import { createLocalJobs } from '../../src/jobs/local.js';
import { seededIds } from '../ids.js';
import { modelAcquirer } from './acquirer.js';
import { type Ground, ignoreRefusal, sendMerchant, sendPayer } from './actors.js';
import { type Crew, modelCrew } from './crew.js';
import { modelIssuer } from './issuer.js';
import { checkAtRest, checkCommitted, checkLedger } from './oracle.js';
import { plainPresenter } from './presenter.js';
import { boundaryOf, type Chaos, type Life, newLife, storeOf, vaultOf } from './process.js';
import { type Random, seededRandom } from './random.js';
import { type Time, virtualTime } from './time.js';
import { drawPayment } from './wanted.js';

/** What one seed came to: nothing wrong, or sentences. */
export interface Verdict {
  readonly seed: number;
  readonly wrong: readonly string[];
  readonly counts: { payments: number; commits: number; kills: number; freezes: number };
  readonly statuses: readonly string[];
}

export const START = Date.UTC(2030, 0, 1);
const FAULTY_MS = 90_000;
/** Long enough for every ladder, challenge and expiry to end. */
const QUIET_MS = 3_600_000;
const LOOK_ANYWAY_MS = 20_000;
const WORKERS = 2;

/** Two processes that send; in a cluster a third hands over to them. */
export type Shape = 'embedded' | 'cluster';

/** Plays one seed: a faulty hour of two processes, then a quiet one, then the reckoning. */
export async function playSeed(seed: number, store: Store, start = START, shape: Shape = 'embedded'): Promise<Verdict> {
  const random = seededRandom(seed);
  const time = virtualTime(start);
  const wrong: string[] = [];
  const amounts = new Map<string, number>();
  const counts = { payments: 0, commits: 0, kills: 0, freezes: 0 };
  const ignoresEarlyReversals = random.chance(0.3);
  const model = modelAcquirer(time, random, {
    purchase: random.chance(0.6),
    ignoresEarlyReversals,
    reverses: random.chance(0.8),
    contradicts: random.chance(0.2),
    holdMs: random.pick([7 * 86_400_000, 7 * 86_400_000, 45_000]),
    contradicted: (payment) => contradicted.add(payment),
    notify(payment, operation) {
      processes.reach().engine.notified(payment, operation).catch(ignoreRefusal);
    },
    fateOf: (token) => token.split('.')[0] as 'approve',
    violated: (what) => wrong.push(what),
    changed(payment) {
      if (ignoresEarlyReversals) return;
      const accounts = [...model.ledger.values()].filter(
        // Another amount than was asked is measured at rest.
        (account) => account.payment === payment && (account.reversed || !account.contradicts),
      );
      wrong.push(...checkLedger(accounts, amounts));
    },
  });
  const issuer = modelIssuer(time, random);
  // Swarm: each seed has its own mixture of faults, because all at once hide each other.
  const chaos: Chaos = {
    active: true,
    killAt: random.pick([0, 0.004, 0.02]),
    freezeAt: random.pick([0, 0.004, 0.02]),
    failAt: random.pick([0, 0, 0.02]),
  };
  model.faulty = random.chance(0.8);
  issuer.faulty = random.chance(0.7);
  const contradicted = new Set<string>();
  const acknowledged = new Set<string>();
  const ended = new Set<string>();
  const processes: ReturnType<typeof startProcesses> = startProcesses({
    shape,
    seed,
    store,
    time,
    random,
    chaos,
    model,
    issuer,
    counts,
    wrong,
    ended,
  });
  const ground: Ground = {
    time,
    random,
    issuer,
    reach: processes.reach,
    needsCode: processes.needsCode,
    ended,
    acknowledged: ({ id }) => acknowledged.add(id),
  };
  const payments = random.between(1, 2);
  for (let index = 0; index < payments; index++) {
    const wanted = drawPayment(seed, index, ground);
    amounts.set(wanted.id, wanted.amount).set(`${wanted.id}x`, wanted.amount);
    counts.payments += 1;
    time.at(time.now() + random.between(0, 1_000), () => begin(ground, wanted, acknowledged));
  }
  await time.runUntil(start + FAULTY_MS);
  chaos.active = false;
  model.faulty = false;
  issuer.faulty = false;
  processes.reviveAll();
  await untilNothingIsDue(store, time);
  const statuses: string[] = [];
  for (const id of amounts.keys()) {
    const payment = await store.payments.load(id);
    const twin = await store.payments.load(`${id}x`);
    if (payment !== null && twin !== null) wrong.push(`${id} was made twice under one key`);
    if (payment === null && (!acknowledged.has(id) || twin !== null)) continue;
    statuses.push(payment?.status ?? 'lost');
    wrong.push(...(await checkAtRest(store, id, model.ledger, time.now(), contradicted.has(id))));
  }
  wrong.push(...checkLedger([...model.ledger.values()], amounts));
  return { seed, wrong: [...new Set(wrong)], counts, statuses };
}

/** Runs until all that is left is a hold that ends in days, or for an hour: whatever still waits then is stuck. */
async function untilNothingIsDue(store: Store, time: Time): Promise<void> {
  const giveUp = time.now() + QUIET_MS;
  for (let next: number | null = 0; next !== null && next < giveUp && time.now() < giveUp; ) {
    await time.runUntil(time.now() + QUIET_MS / 30);
    next = await store.payments.nextDue();
  }
}

function begin(ground: Ground, wanted: NewPayment, acknowledged: Set<string>): void {
  const isDoubled = ground.random.chance(0.15);
  const request = { key: `create-${wanted.id}`, fingerprint: 'f', deadline: wanted.deadline };
  const first = isDoubled ? { ...wanted, request } : wanted;
  if (isDoubled)
    ground
      .reach()
      .engine.create({ ...first, id: `${wanted.id}x`, reference: `${first.reference}-x` })
      .catch(ignoreRefusal);
  const { engine } = ground.reach();
  engine
    .create(first)
    .then(({ id }) => acknowledged.add(id))
    .catch((error: unknown) => (error instanceof DuplicateKey ? undefined : ignoreRefusal(error)));
  sendPayer(ground, wanted.id, 'device-1', 12);
  if (ground.random.chance(0.3)) sendPayer(ground, wanted.id, 'device-2', 8);
  sendMerchant(ground, wanted.id, 5);
}

interface Stage {
  readonly shape: Shape;
  readonly seed: number;
  readonly store: Store;
  readonly time: Time;
  readonly random: Random;
  readonly chaos: Chaos;
  readonly model: ReturnType<typeof modelAcquirer>;
  readonly issuer: ReturnType<typeof modelIssuer>;
  readonly counts: Verdict['counts'];
  readonly wrong: string[];
  readonly ended: Set<string>;
}

/** Processes on one store: one that dies is replaced, one that freezes wakes up later. */
function startProcesses(stage: Stage) {
  const { time, random, counts, shape } = stage;
  const needsCode = new Set<string>();
  const slots: { engine: Engine; life: Life; jobs: Jobs }[] = [];
  const workers = (): { engine: Engine; life: Life }[] => slots.slice(0, WORKERS);
  const crew = shape === 'cluster' ? modelCrew(time, seededRandom(stage.seed + 1), workers) : null;

  function start(slot: number): void {
    const life = newLife();
    const sends = slot < WORKERS;
    crew?.sealWhatIsTyped(life);
    life.onDeath = () => {
      counts.kills += 1;
      time.at(time.now() + random.between(0, 4_000), () => start(slot));
    };
    const engine = engineOf(stage, life, needsCode, wakeAll, { crew, sends });
    const jobs = createLocalJobs(time, SILENT, { name: 'sweep', run: () => engine.sweep() }, () => LOOK_ANYWAY_MS);
    slots[slot] = { life, engine, jobs };
    if (sends) jobs.start();
  }

  /** Whoever commits wakes its own sweeper; the others find it a little later. */
  function wakeAll(at: number, own: Life): void {
    for (const { life, jobs } of slots) jobs.wake(life === own ? at : at + random.between(0, 3_000));
  }

  const count = crew === null ? WORKERS : WORKERS + 1;
  for (let slot = 0; slot < count; slot++) start(slot);
  return {
    needsCode,
    reach(): { engine: Engine; life: Life } {
      const awake = slots.filter(({ life }) => life.isAlive && life.frozenUntil <= time.now());
      return random.pick(awake.length > 0 ? awake : slots);
    },
    reviveAll(): void {
      for (const { life } of slots) life.frozenUntil = 0;
    },
  };
}

function engineOf(
  stage: Stage,
  life: Life,
  needsCode: ReadonlySet<string>,
  wakeAll: (at: number, own: Life) => void,
  { crew, sends }: { readonly crew: Crew | null; readonly sends: boolean },
): Engine {
  const { store, time, random, chaos, model, issuer, counts, wrong, ended } = stage;
  const boundary = boundaryOf(life, time, random, chaos);
  const vault = vaultOf(life, boundary, (token) => needsCode.has(token), crew?.holdersOf ?? (() => []));
  const guarded = <A extends readonly unknown[], R>(work: (...given: A) => Promise<R>) => {
    return async (...given: A): Promise<R> => {
      await boundary.pass();
      const answer = await work(...given);
      await boundary.pass();
      return answer;
    };
  };
  const { acquirer } = model;
  const { authenticator } = issuer;
  return createEngine({
    store: storeOf(store, boundary, time, random, chaos),
    vault,
    acquirers: [
      {
        ...acquirer,
        authorize: guarded(acquirer.authorize),
        inquire: guarded(acquirer.inquire),
        ...(acquirer.capture && { capture: guarded(acquirer.capture) }),
        ...(acquirer.capturePart && { capturePart: guarded(acquirer.capturePart) }),
        ...(acquirer.void && { void: guarded(acquirer.void) }),
        ...(acquirer.refund && { refund: guarded(acquirer.refund) }),
        ...(acquirer.reverse && { reverse: guarded(acquirer.reverse) }),
      },
    ],
    authenticator: {
      ...authenticator,
      authenticate: guarded(authenticator.authenticate),
      inquire: guarded(authenticator.inquire),
    },
    cards: { store: guarded(async () => random.pick(['kept', 'refused'])) },
    flows,
    route: () => 'model',
    presenter: plainPresenter,
    handover: sends || crew === null ? null : crew.handover(boundary),
    sealsCodes: crew !== null,
    clock: time,
    ids: seededIds(random.between(0, 2 ** 31), time),
    log: SILENT,
    resultUrl: (payment) => `https://x.example/${payment}`,
    returnUrl: (_, authentication) => `https://x.example/${authentication}`,
    drawCode: () => Promise.resolve('0000000000'),
    committed(payment: Payment) {
      counts.commits += 1;
      if (payment.dueAt !== null) wakeAll(payment.dueAt, life);
      if (isEnded(payment.status)) ended.add(payment.id);
      wrong.push(...checkCommitted(payment));
    },
  });
}

const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };
