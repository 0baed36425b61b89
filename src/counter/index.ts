import type { CardFields, Counter, From, Taken, Visit } from '../contracts/channel.js';
import type { Reply } from '../contracts/engine.js';
import { Problem } from '../contracts/errors.js';
import { giverOf, mayTakeOver, triesOf } from '../contracts/open_payment.js';
import type { Payment } from '../contracts/payment.js';
import type { OpenPrompt } from '../contracts/prompt.js';
import { createFinding, type Found } from './finding.js';
import { createGuards } from './guards.js';
import { createMeetings } from './meetings.js';
import { partiesOf } from './parties.js';
import type { CounterPorts } from './ports.js';
import { createReceipts } from './receipts.js';
import { NO_WAYS, waysBack } from './return_link.js';
import { createReturns } from './returns.js';
import { createSavedCards } from './saved.js';
import { isShown, visitOf } from './visit.js';

const TAKEN: Taken = { taken: true };
const STALE: Taken = { taken: false, because: 'stale' };
const TOO_MANY: Taken = { taken: false, because: 'too_many' };

/** How long a payer who cancels waits to be told; the page shows the rest. */
const CANCEL_WAIT_MS = 2_000;

/** An id that no payment has, so that an unknown code takes as long as a known one. */
const NO_PAYMENT = 'pay_none';

/** The counter window: what a channel may do for a payer, guarded, and nothing else. */
export function createCounter(ports: CounterPorts): Counter {
  const { engine, store, vault, signing, cards, clock } = ports;
  const guards = createGuards(ports);
  const promptOf = (payment: Payment): OpenPrompt | null => ports.openPromptOf(payment, clock.now());

  const { find: found, paymentOf } = createFinding(ports);
  const find = async (token: string): Promise<Payment | null> => (await found(token))?.payment ?? null;

  async function televisionOf({ payment: { code }, television }: Found): Promise<Visit['television']> {
    const operator = television === null ? null : await store.operators.load(television.operator);
    if (television === null) return null;
    return { operator: operator?.name ?? television.operator, code: code === null ? null : ports.groupCode(code) };
  }

  /** The payment, if `prompt` is what it asks now. */
  async function awaiting(token: string, prompt: string): Promise<Payment | null> {
    const payment = await find(token);
    return payment !== null && promptOf(payment)?.id === prompt ? payment : null;
  }

  async function answer(payment: Payment, reply: Reply): Promise<Taken> {
    return (await engine.reply(payment.id, reply)).applied ? TAKEN : STALE;
  }

  const saved = createSavedCards(ports, guards, {
    find: found,
    awaiting: async (token, prompt) => {
      const led = await found(token);
      return led !== null && promptOf(led.payment)?.id === prompt ? led : null;
    },
    answer,
  });
  const receipts = createReceipts(ports, guards);

  const replyFrom = ({ channel, device, browser, language }: From, prompt: string) => ({
    ...{ prompt, channel, device, browser },
    ...(language !== undefined && { language }),
  });

  async function takeCard(
    token: string,
    prompt: string,
    fields: CardFields,
    from: From,
    save?: string,
  ): Promise<Taken> {
    const payment = await awaiting(token, prompt);
    if (payment === null) return STALE;
    if (payment.amount === 0 && (await saved.accountOf(payment))?.isErased !== false) return STALE;
    if (!(await guards.admitsCard(payment.id, from.address))) return TOO_MANY;
    const checked = cards.checkCard(fields, clock.now());
    const problems = 'problems' in checked ? [...checked.problems] : [];
    // Where the card is only to be stored, nothing happens without the payer's word.
    if (payment.amount === 0 && save === undefined) problems.push({ field: 'save', message: 'saved.consent_missing' });
    if ('problems' in checked || problems.length > 0) return { taken: false, because: 'invalid', problems };
    const kept = await vault.keepCard(checked.card);
    // The sandbox's numbers are everybody's: there is nothing to guess in test mode.
    const isCounted = payment.mode === 'live';
    if (isCounted && !(await guards.admitsFingerprint(payment.merchant, kept.face.fingerprint))) return TOO_MANY;
    return answer(payment, {
      ...replyFrom(from, prompt),
      type: 'card',
      ...kept,
      stored: false,
      proof: null,
      ...(save !== undefined && { save }),
    });
  }

  async function takeSecurityCode(token: string, prompt: string, typed: string, from: From): Promise<Taken> {
    const payment = await awaiting(token, prompt);
    const attempt = payment?.attempts.at(-1);
    if (payment === null || attempt === undefined || attempt.card === null) return STALE;
    if (!(await guards.admitsCard(payment.id, from.address))) return TOO_MANY;
    const problem = cards.checkSecurityCode(typed, attempt.face?.brand ?? '');
    if (problem !== null) return { taken: false, because: 'invalid', problems: [problem] };
    await vault.keepSecurityCode(attempt.card, typed);
    return answer(payment, { ...replyFrom(from, prompt), type: 'security_code' });
  }

  async function simply(token: string, reply: Reply): Promise<Taken> {
    const payment = await awaiting(token, reply.prompt);
    return payment === null ? STALE : answer(payment, reply);
  }

  async function takeOver(token: string, prompt: string, from: From): Promise<Taken> {
    const payment = await awaiting(token, prompt);
    const fingerprint = payment?.attempts.at(-1)?.face?.fingerprint;
    // Asked before anything is counted: whoever may not, shuts nobody out.
    if (payment === null || fingerprint === undefined || !mayTakeOver(payment, from.device)) return STALE;
    // It is one more try with this card.
    if (!(await guards.admitsCard(payment.id, from.address))) return TOO_MANY;
    const isCounted = payment.mode === 'live';
    if (isCounted && !(await guards.admitsFingerprint(payment.merchant, fingerprint))) return TOO_MANY;
    return answer(payment, { ...replyFrom(from, prompt), type: 'take_over' });
  }

  /** What another device has begun is left a few times at most, and never on the last try: its payer would come to no end. */
  async function leave(token: string, prompt: string, from: From): Promise<Taken> {
    const payment = await awaiting(token, prompt);
    const last = payment?.attempts.at(-1);
    if (payment === null || last === undefined) return STALE;
    const isOwn = last.device?.id === from.device || giverOf(payment.attempts, last) === from.device;
    if (!isOwn && (triesOf(payment) >= payment.terms.attemptsMax || !(await guards.admitsLeaving(payment.id))))
      return { taken: false, because: 'too_many', message: 'card.finish_there' };
    return answer(payment, { ...replyFrom(from, prompt), type: 'leave' });
  }

  async function cancel(token: string, { language, channel }: From): Promise<Taken> {
    const payment = await find(token);
    if (payment === null) return STALE;
    try {
      const deadline = clock.now() + CANCEL_WAIT_MS;
      const said = language === undefined ? {} : { language };
      await engine.cancel(payment.id, { by: 'payer', channel, request: null, deadline, ...said });
      return TAKEN;
    } catch (error) {
      if (error instanceof Problem && error.status === 409) return STALE;
      throw error;
    }
  }

  return {
    async visit(token, device) {
      const led = await found(token);
      if (led === null) return null;
      const { payment } = led;
      const [merchant, account, shown, receipt, television] = await Promise.all([
        store.merchants.load(payment.merchant),
        payment.amount === 0 ? saved.accountOf(payment) : null,
        saved.viewOf(led, device),
        receipts.receiptOf(payment, device),
        televisionOf(led),
      ]);
      // A card cannot be stored for somebody who was forgotten: the link leads nowhere.
      if (payment.amount === 0 && account?.isErased !== false) return null;
      const prompt = promptOf(payment);
      // Only the page that tells the outcome leads back, so only for it is a hint signed.
      const isOutcome = prompt === null || prompt.prompt.kind === 'result';
      const ways = merchant !== null && isOutcome ? waysBack(ports, payment, merchant) : NO_WAYS;
      const { extensionsMax } = ports;
      const parties = partiesOf(ports, merchant, payment.terms.merchantName);
      const seen = { payment, parties, prompt, device, ways, account: shown, receipt, television };
      return visitOf({ ...seen, extensionsMax, now: clock.now() });
    },

    async enter(typed, caller) {
      const code = ports.readPaymentCode(typed);
      // A slip of the finger tells nobody anything, so it is told at once and costs no try.
      if (code === null) return { refused: 'mistyped' };
      const admitted = await guards.admitsCode(caller);
      if (admitted === null) return { refused: 'too_many' };
      const payment = await engine.load((await store.codes.find(code)) ?? NO_PAYMENT);
      if (payment === null || payment.generation === null || !isForPage(payment) || !isShown(payment, clock.now())) {
        return { refused: 'unknown' };
      }
      await admitted.wasRight();
      return { token: signing.pageToken(payment.id, payment.generation) };
    },

    takeCard,
    takeSecurityCode,
    deviceChecked: (token, prompt, completed, from) =>
      simply(token, { ...replyFrom(from, prompt), type: 'device_check', completed }),
    ...createReturns(ports),
    leave,
    takeOver,
    cancel,

    sendCode: saved.sendCode,
    takeCode: saved.takeCode,
    takeSaved: saved.takeSaved,
    setPurchaseCode: saved.setPurchaseCode,
    opened: createMeetings(ports, find),
    mailReceipt: async (token, address, from) => receipts.mailReceipt(await find(token), address, from.device),

    async extend(token) {
      const payment = await find(token);
      return payment !== null && engine.extend(payment.id);
    },

    async watch(token, version, timeoutMs) {
      const payment = await paymentOf(token);
      if (payment !== null) await engine.watch(payment, version, clock.now() + timeoutMs);
    },
  };
}

const isForPage = ({ channels }: Payment): boolean => channels.includes('web');
