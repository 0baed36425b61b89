import type { ReachCommand } from '../../src/contracts/engine.js';
import type { Store } from '../../src/contracts/store.js';
import { forgiven, type Ground } from './actors.js';
import { sendCaller } from './caller.js';
import { takeText } from './handset.js';
import { openHome } from './home.js';
import { sendBothAtOnce, sendHopper } from './hopper.js';
import { drawHousehold } from './household.js';
import { modelProvider } from './provider.js';
import { seededRandom } from './random.js';
import type { Lines } from './telephones.js';
import type { Time } from './time.js';
import { sendViewer, type Viewer } from './viewer.js';
import { reachTo } from './wanted.js';

/** One seed in three has payers who come by every way; the others stay what they were. */
const EVERY = 3;
const OWN_CHANCE = 7_000_003;

/** Household, provider and telephones of a seed; null where payers come by the page alone. */
export function openLines(seed: number, time: Time, store: Store, ground: () => Ground): Lines | null {
  if (seed % EVERY !== 2) return null;
  const random = seededRandom(seed + OWN_CHANCE);
  const household = drawHousehold(seed, random, time.now());
  const paymentOf = async (text: string): Promise<string | null> =>
    (await time.busy(store.texts.load(text)))?.payment ?? null;
  const provider = modelProvider(time, random, {
    arrived: (text) => takeText(ground(), text, household.number, paymentOf),
    rings(url) {
      const [payment = '', reach = ''] = url.split(' ');
      pickUp(ground(), payment, reach);
    },
  });
  provider.faulty = random.chance(0.8);
  const home = openHome(seed, household, random, time.now);
  return { household, provider, home, keyed: new Map(), digits: new Map() };
}

/** Somebody answers, or nobody, or a machine; what became of the call is told twice if it must be. */
function pickUp(ground: Ground, payment: string, reach: string): void {
  const { random, time } = ground;
  const report = random.pick(['answered', 'answered', 'busy', 'no_answer', 'answered_by_machine'] as const);
  if (report === 'answered') sendCaller(ground, payment, reach);
  for (const said of [report, report]) {
    if (random.chance(0.3)) continue;
    time.at(time.now() + random.between(500, 30_000), () => {
      const { telephones } = ground.reach();
      if (telephones !== null) forgiven(telephones.reported(payment, reach, said));
    });
  }
}

/** Who comes to a payment by telephone, on their own or because its merchant asks for them once more. */
export function sendByTelephone(ground: Ground, { household }: Lines, payment: string): void {
  const { random, time } = ground;
  const later = (mostMs: number, act: () => void): void => {
    time.at(time.now() + random.between(0, mostMs), act);
  };
  // Two people of one household may call at once.
  if (random.chance(0.7)) later(10_000, () => sendCaller(ground, payment));
  if (random.chance(0.4)) later(20_000, () => sendCaller(ground, payment));
  if (random.chance(0.4)) sendHopper(ground, payment, random.between(2, 5));
  if (random.chance(0.4)) sendBothAtOnce(ground, payment);
  if (random.chance(0.3)) {
    const wish = { ...reachTo(household.number, random), request: null };
    later(40_000, () => forgiven(askToReach(ground, payment, wish)));
  }
}

async function askToReach({ reach }: Ground, payment: string, wish: ReachCommand): Promise<void> {
  const { engine } = reach();
  if ((await engine.load(payment)) !== null) await engine.reach(payment, wish);
}

/** Who watches television while the payment waits: one box, or two of one home. */
export function sendByTelevision(ground: Ground, { home }: Lines, payment: string): Viewer[] {
  const boxes = ground.random.pick([1, 1, 2]);
  return Array.from({ length: boxes }, (_, index) => sendViewer(ground, home, payment, `box-${index + 1}`));
}
