import type { CallView } from '../../src/contracts/calls.js';
import { drawToken, forgiven, type Ground, sendPayer } from './actors.js';
import type { Telephones } from './telephones.js';

/** One call: what the address of the next webhook carries. */
interface Call {
  readonly sid: string;
  readonly payment: string;
  /** The wish that it was placed for; null for who dialled. */
  readonly reach: string | null;
  /** A card that the connector has taken, and what it was keyed for. */
  pass: string | null;
  prompt: string;
  /** Of the webhook that is answered. */
  serial: number;
  hasHungUp: boolean;
}

/** Webhooks of a call in which nothing goes wrong, twice over. */
const WEBHOOKS_MAX = 14;
const NUMBER = '+33698000000';

/** Somebody calls about a payment, or is called: each webhook comes to whatever process answers, some twice, and they hang up anywhere. */
export function sendCaller(ground: Ground, payment: string, reach: string | null = null): void {
  const call = { sid: ground.name('CA'), payment, reach, pass: null, prompt: '', serial: 0, hasHungUp: false };
  goOn(ground, call, WEBHOOKS_MAX);
}

function goOn(ground: Ground, call: Call, webhooks: number): void {
  const { time, random } = ground;
  if (webhooks === 0) return;
  time.at(time.now() + random.between(200, random.chance(0.15) ? 20_000 : 2_500), () => {
    if (call.hasHungUp || random.chance(0.05)) return;
    const isDoubled = random.chance(0.15);
    call.serial += 1;
    forgiven(answer(ground, call, true));
    if (isDoubled) forgiven(answer(ground, call, false));
    goOn(ground, call, webhooks - 1);
  });
}

async function answer(ground: Ground, call: Call, isNew: boolean): Promise<void> {
  const { telephones } = ground.reach();
  if (telephones === null) return;
  const { desk } = telephones;
  const caller = { call: call.sid, serial: call.serial, number: NUMBER, language: 'en', isNew } as const;
  await desk.began(call.payment, caller, call.reach);
  if (call.pass !== null) {
    const taken = await desk.takeKeyedCard(call.payment, call.prompt, call.pass, caller);
    // The same webhook once more comes with the same card.
    if (ground.random.chance(0.8)) call.pass = null;
    if (taken === 'needs_authentication') await askLink(ground, call, telephones);
    return;
  }
  const view = await desk.view(call.payment, call.sid);
  if (view === null) call.hasHungUp = true;
  else await choose(ground, call, view, telephones, caller);
}

async function choose(
  ground: Ground,
  call: Call,
  view: CallView,
  telephones: Telephones,
  caller: Parameters<Telephones['desk']['leave']>[2],
): Promise<void> {
  const { random } = ground;
  const { desk } = telephones;
  if (view.own?.isPaid === true) {
    ground.toldPaid(view.payment, telephones.deviceOf(call.sid));
    call.hasHungUp = random.chance(0.7);
    if (random.chance(0.5)) await desk.textReceipt(view.payment, call.sid);
    return;
  }
  const { prompt } = view;
  if (prompt === null || prompt.prompt.kind === 'wait' || prompt.prompt.kind === 'result') {
    await desk.watch(view.payment, view.version, 1_500);
    return;
  }
  if (view.own?.decline?.code === 'authentication_required') return askLink(ground, call, telephones);
  const isBegun = prompt.prompt.kind === 'follow' || (prompt.prompt.kind === 'card' && prompt.prompt.ask !== 'all');
  // Whoever is half-way through it on the page calls instead.
  if (isBegun) return random.chance(0.6) ? desk.leave(view.payment, prompt.id, caller) : undefined;
  if (view.takesCard && random.chance(0.75)) return keyCard(ground, call, prompt.id, telephones);
  if (random.chance(0.5)) return void (await desk.takeSavedCard(view.payment, prompt.id, '7391', caller));
  return askLink(ground, call, telephones);
}

/** The provider hands the card to the connector, and again to another process while the first one is at it. */
async function keyCard(ground: Ground, call: Call, prompt: string, { keyedCards }: Telephones): Promise<void> {
  const { random } = ground;
  const keyed = {
    ...{ transaction: `tx-${call.sid}-${prompt}`, call: call.sid, payment: call.payment, prompt },
    ...{ number: drawToken(ground, false), expiryMonth: '12', expiryYear: '34', securityCode: '123' },
  };
  const again = ground.reach().telephones;
  if (random.chance(0.3) && again !== null) forgiven(again.keyedCards.keep(keyed));
  const kept = await keyedCards.keep(keyed);
  if ('refused' in kept) return;
  Object.assign(call, { pass: kept.pass, prompt });
}

/** The rest is done on the page. */
async function askLink(ground: Ground, call: Call, { desk }: Telephones): Promise<void> {
  await desk.textLink(call.payment);
  if (call.hasHungUp) return;
  call.hasHungUp = true;
  sendPayer(ground, call.payment, `page after ${call.sid}`, 5);
}
