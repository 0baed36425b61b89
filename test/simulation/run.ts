import type { NewPayment } from '../../src/contracts/engine.js';
import { DuplicateKey } from '../../src/contracts/errors.js';
import type { Store } from '../../src/contracts/store.js';
import { modelAcquirer } from './acquirer.js';
import { type Ground, ignoreRefusal, sendMerchant, sendPayer } from './actors.js';
import { checkCharges } from './home.js';
import { modelIssuer } from './issuer.js';
import { openLines, sendByTelephone, sendByTelevision } from './lines.js';
import { checkAtRest, checkLedger } from './oracle.js';
import { checkTexts } from './oracle_texts.js';
import type { Chaos } from './process.js';
import { type Shape, startProcesses } from './processes.js';
import { seededRandom } from './random.js';
import type { Lines } from './telephones.js';
import { type Time, virtualTime } from './time.js';
import { checkScreens, type Viewer } from './viewer.js';
import { drawPayment, metAnywhere } from './wanted.js';

/** What one seed came to: nothing wrong, or sentences. */
export interface Verdict {
  readonly seed: number;
  readonly wrong: readonly string[];
  readonly counts: { payments: number; commits: number; kills: number; freezes: number };
  readonly statuses: readonly string[];
}

/** A Friday: the seeds of one store begin in the two days before, none of them on a Sunday, when nobody is called. */
export const START = Date.UTC(2030, 0, 4);
const FAULTY_MS = 90_000;
/** Long enough for every ladder, challenge and expiry to end. */
const QUIET_MS = 3_600_000;

/** Plays one seed: a faulty hour of two processes, then a quiet one, then the reckoning. */
export async function playSeed(seed: number, bare: Store, start = START, shape: Shape = 'embedded'): Promise<Verdict> {
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
  const toldPaid = new Map<string, Set<string>>();
  const lines = openLines(seed, time, bare, () => ground);
  const store = lines === null ? bare : lines.home.watched(bare);
  if (lines !== null) await store.payers.commit(lines.home.payer);
  let names = 0;
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
    lines,
  });
  const ground: Ground = {
    time,
    random,
    issuer,
    reach: processes.reach,
    needsCode: processes.needsCode,
    ended,
    acknowledged: ({ id }) => acknowledged.add(id),
    hand: lines?.household.hand ?? null,
    name(prefix) {
      names += 1;
      return `${prefix}-${seed}-${names}`;
    },
    toldPaid(payment, device) {
      toldPaid.set(payment, (toldPaid.get(payment) ?? new Set()).add(device));
    },
  };
  const viewers: Viewer[] = [];
  const payments = random.between(1, 2);
  for (let index = 0; index < payments; index++) {
    const drawn = drawPayment(seed, index, ground);
    const wanted = lines === null ? drawn : metAnywhere(drawn, lines.household, ground);
    amounts.set(wanted.id, wanted.amount).set(`${wanted.id}x`, wanted.amount);
    counts.payments += 1;
    time.at(time.now() + random.between(0, 1_000), () => viewers.push(...begin(ground, wanted, acknowledged, lines)));
  }
  await time.runUntil(start + FAULTY_MS);
  chaos.active = false;
  model.faulty = false;
  issuer.faulty = false;
  if (lines !== null) lines.provider.faulty = false;
  processes.reviveAll();
  await untilNothingIsDue(store, time);
  wrong.push(...(await checkScreens(ground, viewers)));
  if (lines !== null) wrong.push(...lines.home.wrong(chaos.killAt === 0 && chaos.failAt === 0));
  const statuses: string[] = [];
  for (const id of amounts.keys()) {
    const payment = await store.payments.load(id);
    const twin = await store.payments.load(`${id}x`);
    if (payment !== null && twin !== null) wrong.push(`${id} was made twice under one key`);
    if (payment === null && (!acknowledged.has(id) || twin !== null)) continue;
    statuses.push(payment?.status ?? 'lost');
    wrong.push(...(await checkAtRest(store, id, model.ledger, time.now(), contradicted.has(id))));
    if (payment === null || lines === null) continue;
    const callers = toldPaid.get(id) ?? new Set();
    wrong.push(...(await checkCharges(lines.home, store.payments, id)));
    wrong.push(...(await checkTexts(store, payment, lines.provider.received, callers, time.now())));
  }
  wrong.push(...checkLedger([...model.ledger.values()], amounts));
  return { seed, wrong: [...new Set(wrong)], counts, statuses };
}

/** Runs until all that is left is a hold that ends in days, or for an hour: whatever still waits then is stuck. */
async function untilNothingIsDue(store: Store, time: Time): Promise<void> {
  const giveUp = time.now() + QUIET_MS;
  for (let next: number | null = 0; next !== null && next < giveUp && time.now() < giveUp; ) {
    await time.runUntil(time.now() + QUIET_MS / 30);
    const due = [await store.payments.nextDue(), await store.texts.nextDue()].filter((at) => at !== null);
    next = due.length > 0 ? Math.min(...due) : null;
  }
}

function begin(ground: Ground, wanted: NewPayment, acknowledged: Set<string>, lines: Lines | null): Viewer[] {
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
  // Before a television whoever pays elsewhere comes late, if at all.
  const isWatched = lines !== null && ground.random.chance(0.4);
  // Whoever is texted or called may never see the page, or see it after they have answered.
  const isTexted = wanted.reach !== undefined && ground.random.chance(0.6);
  if (!isTexted && !isWatched) sendPayer(ground, wanted.id, 'device-1', 12);
  else if (ground.random.chance(0.6)) {
    const { time, random } = ground;
    time.at(time.now() + random.between(5_000, 40_000), () => sendPayer(ground, wanted.id, 'device-1', 8));
  }
  if (!isWatched && ground.random.chance(0.3)) sendPayer(ground, wanted.id, 'device-2', 8);
  sendMerchant(ground, wanted.id, 5);
  if (lines === null) return [];
  if (!isWatched || ground.random.chance(0.3)) sendByTelephone(ground, lines, wanted.id);
  return sendByTelevision(ground, lines, wanted.id);
}
