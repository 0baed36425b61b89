import type { CallDesk, Caller, CallLine, CallView, Entered, SentText, SpokenMerchant } from '../contracts/calls.js';
import type { Merchant } from '../contracts/merchant.js';
import type { Attempt, Payment } from '../contracts/payment.js';
import { isPremium } from '../contracts/premium_numbers.js';
import { E164 } from '../contracts/telephone.js';
import type { CallPorts } from './call_ports.js';
import { createMoving } from './calls_moving.js';
import { createSavedCard } from './calls_saved.js';
import { createGuards } from './guards.js';
import { languageIn } from './language.js';
import { isShown } from './visit.js';

/** The provider ends a call after four hours at the latest. */
const CALL_MS = 4 * 3_600_000;
/** A little longer than any webhook of a call is taken. */
const COUNTED_MS = CALL_MS + 3_600_000;
/** How many webhooks a call may be ahead of one that is looked for. */
const AHEAD_MAX = 8;
const BEGINNINGS_MAX = 20;
const DAY_MS = 86_400_000;
/** No payment waits longer for its payer. */
const OPEN_MS = 92 * DAY_MS;
/** An id that no payment has, so that an unknown code takes as long as a known one. */
const NO_PAYMENT = 'pay_none';
const PAID: ReadonlySet<string> = new Set(['succeeded', 'requires_capture', 'partially_captured']);
const PAYING: ReadonlySet<string> = new Set(['authorized', 'captured']);

/** The counter window by telephone. It keeps nothing: how far a call has come is counted in the store. */
export function createCallDesk(ports: CallPorts): CallDesk {
  const { engine, store, vault, signing, texts, clock } = ports;
  const guards = createGuards(ports);

  const stepOf = (call: string, serial: number): string => `call:${signing.pseudonymOf(call)}:${serial}`;

  /** A payment that may be met by telephone, while there is something to tell of it. */
  async function find(id: string): Promise<Payment | null> {
    const payment = await engine.load(id);
    const isMet = payment?.channels.includes('ivr') === true && payment.amount > 0 && payment.generation !== null;
    return isMet && isShown(payment, clock.now()) ? payment : null;
  }

  const moving = createMoving(ports, guards, find);

  async function line(number: string): Promise<CallLine> {
    const { operator, sharedNumber } = ports;
    if (number === sharedNumber) return { operator, merchant: null };
    const owners = (await store.merchants.list()).filter(
      ({ status, profile }) => status === 'enabled' && profile.telephone === number,
    );
    const [owner, ...others] = owners;
    return { operator, merchant: owner === undefined || others.length > 0 ? null : spokenOf(owner) };
  }

  async function enter(typed: string, caller: Caller, merchant: string | null): Promise<Entered> {
    const code = ports.readPaymentCode(typed);
    // A slip of the finger tells nobody anything, so it is told at once and costs no try.
    if (code === null) return { refused: 'mistyped' };
    const admitted = caller.isNew ? await guards.admitsCallersCode(caller.number) : null;
    const isAdmitted = caller.isNew ? admitted !== null : await guards.hasAdmittedCallersCode(caller.number);
    if (!isAdmitted) return { refused: 'too_many' };
    const payment = await find((await store.codes.find(code)) ?? NO_PAYMENT);
    if (payment !== null && (merchant === null || payment.merchant === merchant)) {
      await admitted?.wasRight();
      return { payment: payment.id };
    }
    return { refused: 'unknown' };
  }

  async function view(id: string, call: string): Promise<CallView | null> {
    const payment = await find(id);
    if (payment === null) return null;
    const merchant = await store.merchants.load(payment.merchant);
    const prompt = ports.openPromptOf(payment, clock.now());
    const device = signing.deviceHash(call);
    const mayKey = prompt !== null && ports.isTelephoneOrder(payment, null);
    return {
      payment: payment.id,
      version: payment.events.length,
      mode: payment.mode,
      merchant: merchant === null ? unknownMerchant(payment) : spokenOf(merchant),
      money: { amount: payment.amount, currency: payment.currency },
      status: payment.status,
      prompt,
      takesCard: mayKey && (await moving.mayBeginAnew(payment, device)),
      language: languageIn(payment.payer.language),
      code: payment.code,
      hasPage: payment.channels.includes('web'),
      own: ownOf(payment, device),
    };
  }

  /** Sends a text to the number of the order, and no other; answers that number, null where it will not go. */
  async function text(id: string, how: 'link' | 'receipt', isDue: (payment: Payment) => boolean) {
    const payment = await find(id);
    const number = payment?.payer.phone ?? null;
    if (payment === null || number === null || !E164.test(number) || !isDue(payment)) return null;
    if (!(await texts[how](payment, number))) return null;
    await engine.texted(id, how);
    return number;
  }

  return {
    async arrive(call, serial, begunAt) {
      const now = clock.now();
      // What was counted is forgotten after a call's longest time; a webhook recorded then is of no use any more.
      const isOver = begunAt !== null && now >= begunAt + CALL_MS;
      const isBehind = isOver || (await store.guards.read(stepOf(call, serial + 1), now)) > 0;
      if (isBehind) return { state: 'behind', begunAt: begunAt ?? now };
      const { count, resetsAt } = await store.guards.raise(stepOf(call, serial), COUNTED_MS, now);
      return { state: count === 1 ? 'new' : 'again', begunAt: begunAt ?? resetsAt - COUNTED_MS };
    },

    async stands(call, serial) {
      const now = clock.now();
      for (let last = serial; last <= serial + AHEAD_MAX; last += 1) {
        if ((await store.guards.read(stepOf(call, last + 1), now)) === 0) return last;
      }
      return null;
    },

    line,
    enter,
    view,

    async began(id, { call, isNew }, reach) {
      const payment = isNew ? await find(id) : null;
      if (payment === null || ports.openPromptOf(payment, clock.now()) === null) return;
      const now = clock.now();
      const scope = signing.pseudonymOf(call);
      if (!(await store.guards.useOnce(`call-began:${scope}:${id}`, now + OPEN_MS, now))) return;
      // Whoever dials all day long does not fill the merchant's feed.
      if ((await store.guards.raise(`calls:${id}`, DAY_MS, now)).count <= BEGINNINGS_MAX)
        await engine.called(id, reach);
    },

    async takeKeyedCard(id, prompt, pass, { call, language }) {
      const token = signing.readKeyedCardPass(pass, { payment: id, call });
      const face = token === null ? null : await vault.faceOf(token);
      const payment = await find(id);
      if (token === null || payment === null) return 'lost';
      // Taken already, the first time this webhook came: its card may be gone by now, and what became of it is told.
      if (ports.openPromptOf(payment, clock.now())?.id !== prompt) return 'stale';
      if (face === null) return 'lost';
      if (!ports.isTelephoneOrder(payment, face)) return 'needs_authentication';
      const { applied } = await engine.reply(id, {
        ...{ type: 'card', prompt, channel: 'ivr', device: signing.deviceHash(call), browser: null, language },
        ...{ token, face, stored: false, proof: null },
      });
      return applied ? 'taken' : 'stale';
    },

    takeSavedCard: createSavedCard(ports, guards, find),

    leave: moving.leave,

    async textLink(id) {
      return (await text(id, 'link', (payment) => ports.openPromptOf(payment, clock.now()) !== null)) !== null;
    },

    async textReceipt(id, call) {
      const isPaidHere = (payment: Payment): boolean => ownOf(payment, signing.deviceHash(call))?.isPaid === true;
      const number = await text(id, 'receipt', isPaidHere);
      return number === null ? null : ({ ending: number.slice(-2) } satisfies SentText);
    },

    watch: (id, version, timeoutMs) => engine.watch(id, version, clock.now() + timeoutMs),
  };
}

/** What a call has done itself: only that is told in full. */
function ownOf({ attempts, status, reference }: Payment, device: string): CallView['own'] {
  const own = attempts.filter((attempt) => attempt.device?.id === device);
  const last = own.at(-1);
  if (last === undefined) return null;
  const isPaid = PAID.has(status) && own.some((attempt) => PAYING.has(attempt.status));
  const isLatest = attempts.at(-1) === last;
  return { isPaid, isLatest, decline: isPaid ? null : declineOf(last), reference: isPaid ? reference : null };
}

function declineOf({ decline, status }: Attempt): { code: string; advice: string } | null {
  if (decline !== null) return { code: decline.code, advice: decline.advice };
  return status === 'reversed' ? { code: 'reversed', advice: 'retry' } : null;
}

/** The language of a BCP 47 tag, where it is spoken here. */
function spokenOf({ id, profile }: Merchant): SpokenMerchant {
  const { displayName, spokenName, support, language } = profile;
  const phone = support.phone?.replace(/[\s.()-]/g, '') ?? '';
  return {
    id,
    spokenName: { fr: spokenName.fr ?? displayName, en: spokenName.en ?? displayName },
    language,
    agent: E164.test(phone) && !isPremium(phone) ? phone : null,
  };
}

const unknownMerchant = ({ merchant: id, terms: { merchantName } }: Payment): SpokenMerchant => ({
  id,
  spokenName: { fr: merchantName, en: merchantName },
  language: 'en',
  agent: null,
});
