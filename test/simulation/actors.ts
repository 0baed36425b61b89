import type { Engine, Reply } from '../../src/contracts/engine.js';
import { DuplicateKey, Problem, StoreFailure } from '../../src/contracts/errors.js';
import type { Payment } from '../../src/contracts/payment.js';
import type { TvDesk } from '../../src/contracts/television.js';
import { openPromptOf } from '../../src/engine/prompts.js';
import { faceOf } from './face.js';
import type { ModelIssuer } from './issuer.js';
import type { Life } from './process.js';
import type { Random } from './random.js';
import type { Telephones } from './telephones.js';
import type { Time } from './time.js';

/** Payers and merchants as they are: they click twice, come back, use two tabs, cancel, capture in parts, refund twice. */
export interface Ground {
  readonly time: Time;
  readonly random: Random;
  readonly issuer: ModelIssuer;
  /** A process that answers now; without telephones and televisions in a seed whose payers come by the page alone. */
  reach(): { engine: Engine; life: Life; telephones: Telephones | null; televisions: TvDesk | null };
  /** The cards that all payers of this seed have between them; null where each has its own. */
  readonly hand: readonly string[] | null;
  /** A name that this seed has not used yet. */
  name(prefix: string): string;
  /** The one at this device was told that they have paid. */
  toldPaid(payment: string, device: string): void;
  readonly needsCode: Set<string>;
  /** Payments that have come to an end. */
  readonly ended: ReadonlySet<string>;
  /** Told of each promise that a command was acknowledged with. */
  acknowledged(payment: Payment): void;
}

const TOKENS = [
  'approve',
  'approve',
  'approve',
  'decline',
  'stop',
  'pending',
  'wrong_amount',
  'authentication_required',
];
const PROOFS = ['', '', 'device', 'challenge', 'device-challenge', 'refused'];

export function drawToken({ random, needsCode, hand }: Ground, code: boolean): string {
  const card = hand ? random.pick(hand) : `${random.pick(TOKENS)}.${random.pick(PROOFS)}.${random.between(1, 3)}`;
  const token = `${card}.${random.between(0, 1e9)}`;
  if (code) needsCode.add(token);
  return token;
}

/** Looks at the payment and does what a payer might, until it has ended or patience is over. */
export function sendPayer(ground: Ground, id: string, device: string, steps: number): void {
  const { time, random } = ground;
  if (steps === 0) return;
  time.at(time.now() + random.between(50, random.chance(0.2) ? 20_000 : 2_000), () => {
    // Most payers leave when they are told the outcome; some come back.
    if (ground.ended.has(id) && random.chance(0.7)) return;
    const { engine, life } = ground.reach();
    forgiven(actAsPayer(ground, engine, life, id, device));
    sendPayer(ground, id, device, steps - 1);
  });
}

async function actAsPayer(ground: Ground, engine: Engine, life: Life, id: string, device: string): Promise<void> {
  const { random, time } = ground;
  const payment = await engine.load(id);
  if (payment === null) return;
  if (random.chance(0.03)) {
    await engine.cancel(id, { by: 'payer', request: null, deadline: time.now() + 5_000 });
    return;
  }
  if (random.chance(0.03)) await engine.extend(id);
  const open = openPromptOf(payment, time.now());
  if (open === null) return;
  const reply = replyTo(ground, payment, open.id, device, life);
  if (reply === null) return;
  const isDoubled = random.chance(0.3);
  await Promise.all([
    engine.reply(id, reply),
    ...(isDoubled ? [ground.reach().engine.reply(id, reply).catch(ignoreRefusal)] : []),
  ]);
}

/** What a payer at this device might answer to what is asked. */
export function replyTo(ground: Ground, payment: Payment, prompt: string, device: string, life: Life): Reply | null {
  const { random, time, issuer } = ground;
  const attempt = payment.attempts.at(-1);
  const common = { prompt, channel: 'web', device, browser: BROWSER } as const;
  if (prompt.startsWith('begin.')) {
    const token = drawToken(ground, true);
    life.codes.add(token);
    return {
      ...common,
      // A caller keys their card on a telephone: an order without authentication, where the engine lets it be one.
      ...(random.chance(0.15) && { channel: 'ivr', browser: null }),
      type: 'card',
      token,
      face: faceOf(token),
      stored: false,
      // Digits of a text that nobody has sent.
      proof: ground.hand !== null && random.chance(0.1) ? 'sms_code' : null,
      ...(wantsKept(payment, token) && { save: 'Keep my card.' }),
    };
  }
  const open = openPromptOf(payment, time.now())?.prompt;
  if (open?.kind === 'follow' && random.chance(0.1)) return { ...common, type: 'leave' };
  // On another device than the one that is at the issuer: with the same card, which nobody types again.
  if (open?.kind === 'follow' && attempt?.device?.id !== device && random.chance(0.5)) {
    return { ...common, type: 'take_over' };
  }
  if (open?.kind === 'card') {
    if (attempt?.card != null) life.codes.add(attempt.card);
    return { ...common, type: 'security_code' };
  }
  if (open?.kind !== 'follow') return null;
  if (open.purpose === 'device_check')
    return { ...common, type: 'device_check', completed: random.pick(['Y', 'N', 'U']) };
  const authentication = attempt?.authentication?.id;
  if (random.chance(0.05)) forgiven(ground.reach().engine.authenticated('ath_forged', payment.id, FORGED));
  if (authentication !== undefined && random.chance(0.8)) {
    const answer = issuer.complete(authentication, random.chance(0.8));
    // The result message comes before the browser; or never; or twice.
    const times = random.pick([0, 1, 1, 1, 2]);
    for (let count = 0; count < times; count++) {
      time.at(time.now() + random.between(1, 400), () => {
        forgiven(ground.reach().engine.authenticated(authentication, payment.id, answer));
      });
    }
  }
  return { ...common, type: 'returned' };
}

/** Every other payer of an account ticks the box; all do where there is nothing else to do. Read off the token, not drawn. */
function wantsKept({ amount, payer }: Payment, token: string): boolean {
  return payer.account !== null && (amount === 0 || /[02468]$/.test(token));
}

const FORGED = {
  answer: 'final',
  result: 'Y',
  eci: '05',
  value: 'x',
  directoryServerTransaction: 'forged',
  version: '2.2.0',
} as const;

const BROWSER = {
  acceptHeader: '*/*',
  userAgent: 'simulation',
  ip: null,
  language: 'en',
  javascriptEnabled: false,
  colorDepth: null,
  screenHeight: null,
  screenWidth: null,
  timezoneOffset: null,
};

/** Captures, refunds, cancels, decides about late money, all at once if it must be. */
export function sendMerchant(ground: Ground, id: string, steps: number): void {
  const { time, random } = ground;
  if (steps === 0) return;
  time.at(time.now() + random.between(200, 15_000), () => {
    forgiven(actAsMerchant(ground, ground.reach().engine, id));
    if (random.chance(0.4)) forgiven(actAsMerchant(ground, ground.reach().engine, id));
    sendMerchant(ground, id, steps - 1);
  });
}

async function actAsMerchant(ground: Ground, engine: Engine, id: string): Promise<void> {
  const { random, time, acknowledged, reach } = ground;
  const payment = await engine.load(id);
  if (payment === null) return;
  const deadline = time.now() + 4_000;
  // Under one key, whatever number of times and wherever it is sent.
  const request = random.chance(0.6) ? { key: `key-${random.between(1, 3)}`, fingerprint: 'f', deadline } : null;
  const ask = drawCommand(random, payment, { request, deadline });
  if (request !== null && random.chance(0.4)) forgiven(ask(reach().engine));
  acknowledged((await ask(engine)) ?? payment);
}

type Ask = (engine: Engine) => Promise<Payment | undefined>;
type Command = Pick<Parameters<Engine['cancel']>[1], 'request' | 'deadline'>;

function drawCommand(random: Random, { id, status, amount: whole }: Payment, command: Command): Ask {
  const amount = random.chance(0.45) ? null : random.between(1, Math.max(1, whole));
  const final = random.chance(0.6);
  const decision = random.pick(['keep', 'return'] as const);
  if (random.chance(0.05)) return (engine) => engine.cancel(id, { ...command, by: 'merchant' });
  switch (status) {
    case 'requires_review':
      return (engine) => engine.resolve(id, { ...command, decision });
    case 'requires_capture':
    case 'partially_captured':
      return (engine) => engine.capture(id, { ...command, amount, final });
    case 'succeeded': {
      const refund = { ...command, amount, reason: null, reference: null, metadata: {} };
      return async (engine) => (await engine.refund(id, refund)).payment;
    }
    default:
      return () => Promise.resolve(undefined);
  }
}

/** Refusals and doubtful writes are answers; anything else is a finding. */
export function ignoreRefusal(error: unknown): undefined {
  if (error instanceof Problem || error instanceof StoreFailure || error instanceof DuplicateKey) return undefined;
  throw error;
}

/** Refusals are forgiven, and whatever else it comes to is a finding. */
export function forgiven(work: Promise<unknown>): void {
  work.catch(ignoreRefusal).catch((error: unknown) => {
    throw error;
  });
}
