import { flows } from '../../flows/index.js';
import type { Engine } from '../../src/contracts/engine.js';
import type { Jobs } from '../../src/contracts/jobs.js';
import type { Payment } from '../../src/contracts/payment.js';
import type { Store } from '../../src/contracts/store.js';
import type { TvDesk } from '../../src/contracts/television.js';
import { isEnded } from '../../src/engine/conclude.js';
import { createEngine } from '../../src/engine/index.js';
import { createLocalJobs } from '../../src/jobs/local.js';
import { seededIds } from '../ids.js';
import type { modelAcquirer } from './acquirer.js';
import { type Crew, modelCrew } from './crew.js';
import type { modelIssuer } from './issuer.js';
import { checkCommitted } from './oracle.js';
import { plainPresenter } from './presenter.js';
import { boundaryOf, type Chaos, guardedBy, type Life, newLife, SILENT, storeOf, vaultOf } from './process.js';
import { type Random, seededRandom } from './random.js';
import { type Lines, openTelephones, type Telephones } from './telephones.js';
import { openTelevisions } from './televisions.js';
import type { Time } from './time.js';

const LOOK_ANYWAY_MS = 20_000;
const WORKERS = 2;

/** Two processes that send; in a cluster a third hands over to them. */
export type Shape = 'embedded' | 'cluster';

/** What the processes of a seed stand on. */
export interface Stage {
  readonly shape: Shape;
  readonly seed: number;
  readonly store: Store;
  readonly time: Time;
  readonly random: Random;
  readonly chaos: Chaos;
  readonly model: ReturnType<typeof modelAcquirer>;
  readonly issuer: ReturnType<typeof modelIssuer>;
  readonly counts: { commits: number; kills: number };
  readonly wrong: string[];
  readonly ended: Set<string>;
  /** Null in a seed whose payers come by the page alone. */
  readonly lines: Lines | null;
}

/** One process as the world reaches it. */
export interface Process {
  readonly engine: Engine;
  readonly life: Life;
  readonly telephones: Telephones | null;
  readonly televisions: TvDesk | null;
}

/** Processes on one store: one that dies is replaced, one that freezes wakes up later. */
export function startProcesses(stage: Stage) {
  const { time, random, counts, shape } = stage;
  const needsCode = new Set<string>();
  const slots: (Process & { readonly jobs: Jobs })[] = [];
  const workers = (): readonly Process[] => slots.slice(0, WORKERS);
  const crew = shape === 'cluster' ? modelCrew(time, seededRandom(stage.seed + 1), workers) : null;

  function start(slot: number): void {
    const life = newLife();
    const sends = slot < WORKERS;
    crew?.sealWhatIsTyped(life);
    life.onDeath = () => {
      counts.kills += 1;
      time.at(time.now() + random.between(0, 4_000), () => start(slot));
    };
    const { engine, telephones, televisions } = engineOf(stage, life, needsCode, wakeAll, { crew, sends });
    const jobs = createLocalJobs(time, SILENT, { name: 'sweep', run: () => engine.sweep() }, () => LOOK_ANYWAY_MS);
    slots[slot] = { life, engine, telephones, televisions, jobs };
    if (!sends) return;
    jobs.start();
    telephones?.start();
  }

  /** Whoever commits wakes its own sweeper; the others find it a little later. */
  function wakeAll(at: number, own: Life): void {
    for (const { life, jobs } of slots) jobs.wake(life === own ? at : at + random.between(0, 3_000));
  }

  const count = crew === null ? WORKERS : WORKERS + 1;
  for (let slot = 0; slot < count; slot++) start(slot);
  return {
    needsCode,
    reach(): Process {
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
  needsCode: Set<string>,
  wakeAll: (at: number, own: Life) => void,
  { crew, sends }: { readonly crew: Crew | null; readonly sends: boolean },
): Omit<Process, 'life'> {
  const { store, time, random, chaos, model, issuer, counts, wrong, ended, lines } = stage;
  const boundary = boundaryOf(life, time, random, chaos);
  const numberOf = (token: string): string => lines?.keyed.get(token) ?? token;
  const ids = seededIds(random.between(0, 2 ** 31), time);
  const reached = storeOf(store, boundary, time, random, chaos);
  const telephones =
    lines === null
      ? null
      : openTelephones({ lines, store: reached, life, boundary, time, random, ids, needsCode, engine: () => engine });
  const vault = vaultOf(life, boundary, (token) => needsCode.has(token), crew?.holdersOf ?? (() => []), numberOf);
  const guarded = guardedBy(boundary);
  const { acquirer } = model;
  const { authenticator } = issuer;
  const engine: Engine = createEngine({
    store: reached,
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
    ids,
    reaching: telephones?.reaching ?? null,
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
  const televisions =
    lines === null
      ? null
      : openTelevisions({ ...lines, store: reached, boundary, time, ids, engine, isAlone: crew === null });
  return { engine, telephones, televisions };
}
