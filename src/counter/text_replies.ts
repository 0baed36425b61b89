import { StoreFailure } from '../contracts/errors.js';
import { asksForCard, isPaid, isWaitedFor } from '../contracts/open_payment.js';
import type { Payment } from '../contracts/payment.js';
import {
  CONSENT_PURPOSES,
  TEXT_TRIES_MAX,
  type Text,
  type TextAnswer,
  type TextChallenge,
  type TextCounter,
  type TextReply,
} from '../contracts/text.js';
import type { TextCounterPorts } from './text_ports.js';

/** The latest texts to a number that an answer may be about. */
const RECENT_MAX = 10;
const RACES_MAX = 20;
/** How long the provider is kept waiting for the outcome; a text tells it anyway. */
const FOLLOW_MS = 6_000;
/** How soon a sweep takes up what this process has begun. */
const TAKEN_UP_MS = 15_000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Messages with digits from one number, right or wrong: with six digits, thirty a day hit one in thirty thousand. */
const TRIES_PER_DAY_MAX = 30;
/** Answers that nothing was asked for: two programs must not talk for ever. */
const ANSWERS_PER_HOUR_MAX = 4;
const STRANGER_ANSWERS_PER_DAY_MAX = 1;

/** A text with digits, and the payment they pay. */
interface Offer {
  readonly text: Text & { readonly challenge: TextChallenge };
  readonly payment: Payment;
}

/** Reads off the texts that went to a number what somebody answers from there, and does it, once. */
export function createTextCounter(ports: TextCounterPorts): TextCounter {
  const { engine, store, consents, codes, clock } = ports;
  const { texts, guards } = store;

  async function say(key: string, about: Payment | null): Promise<TextAnswer> {
    if (about === null) return { key: `reply.${key}`, language: null, mode: 'live', parameters: {} };
    const link = isWaitedFor(about, clock.now()) ? ports.payLink(about) : null;
    const parameters = await ports.wordsAbout(about, link);
    // Where no page is open any more, there is nothing to lead to.
    const isLeading = link === null && LEADING.has(key);
    const said = isLeading ? wordForOver(about) : key;
    return { key: `reply.${said}`, language: about.payer.language, mode: about.mode, parameters };
  }

  /** The same, as long as this number was not told enough, and not twice to one message. */
  async function sayAtMost(reply: TextReply, key: string, about: Payment | null): Promise<TextAnswer | null> {
    const now = clock.now();
    if (!(await guards.useOnce(`text-answer:${reply.message}`, now + DAY_MS, now))) return null;
    const [who] = ports.numberNames(reply.from);
    const [most, windowMs] = about === null ? [STRANGER_ANSWERS_PER_DAY_MAX, DAY_MS] : [ANSWERS_PER_HOUR_MAX, HOUR_MS];
    const { count } = await guards.raise(`text-answers:${who}`, windowMs, now);
    return count > most ? null : say(key, about);
  }

  async function recentOf(reply: TextReply): Promise<{ recent: Text[]; last: Payment | null }> {
    const recent = await texts.ofNumber(ports.numberNames(reply.from), RECENT_MAX);
    const [last] = recent;
    return { recent, last: last === undefined ? null : await engine.load(last.payment) };
  }

  async function offersOf(recent: readonly Text[]): Promise<Offer[]> {
    const offers = await Promise.all(
      recent.map(async (text) => {
        const payment = text.challenge === null ? null : await engine.load(text.payment);
        return payment === null ? [] : [{ text: text as Offer['text'], payment }];
      }),
    );
    return offers.flat();
  }

  /** Changes a text by compare-and-swap; null from `decide` leaves it, and answers null. */
  async function change(id: string, decide: (text: Text) => Partial<Text> | null): Promise<Offer['text'] | null> {
    for (let race = 0; race < RACES_MAX; race += 1) {
      const text = await texts.load(id);
      const wanted = text?.challenge == null ? null : decide(text);
      if (text === null || wanted === null) return null;
      const next = { ...text, ...wanted, revision: text.revision + 1 };
      if (await texts.commit(next)) return next as Offer['text'];
    }
    throw new StoreFailure(`text ${id} could not be changed: too many races lost`);
  }

  /** Ends what a text offers. One that still waits to be sent, again, is not sent any more. */
  async function close({ text }: Offer, why: 'refused' | 'opted_out'): Promise<boolean> {
    const closed = await change(text.id, ({ challenge, untold, dueAt, status, reach }) => {
      if (challenge?.state !== 'open') return null;
      const over = { challenge: { ...challenge, state: 'over' as const }, to: null };
      if (status !== 'waiting') return { ...over, dueAt: untold ? dueAt : null };
      if (why === 'refused' || reach === null) return { ...over, status: 'dropped', why, dueAt: null };
      return { ...over, status: 'failed', why, untold: true, dueAt: clock.now() };
    });
    return closed !== null;
  }

  async function takeWord(reply: TextReply, given: boolean): Promise<TextAnswer | null> {
    const { recent, last } = await recentOf(reply);
    await consents.say(reply.from, { given, by: 'payer', purposes: CONSENT_PURPOSES });
    if (!given) for (const offer of await offersOf(recent)) await close(offer, 'opted_out');
    for (const id of new Set(recent.map(({ payment }) => payment))) await engine.consented(id, given);
    return sayAtMost(reply, given ? 'started' : 'stopped', last);
  }

  /** Ends what is offered, and nothing else: the number may be somebody else's. */
  async function takeNo(reply: TextReply): Promise<TextAnswer | null> {
    const { recent, last } = await recentOf(reply);
    const offers = await offersOf(recent);
    const isCharging = offers.some(({ text }) => text.challenge.state === 'answered');
    let ended: Offer | null = null;
    for (const offer of offers) {
      if (!(await close(offer, 'refused'))) continue;
      ended ??= offer;
      const { reach, payment } = offer.text;
      if (reach !== null) await engine.reached(payment, reach, { status: 'refused' });
    }
    if (ended !== null) return say('refused', ended.payment);
    return sayAtMost(reply, isCharging ? 'too_late' : helpFor(last, []), last);
  }

  async function takeDigits(reply: TextReply, digits: string): Promise<TextAnswer | null> {
    const { recent, last } = await recentOf(reply);
    const offers = await offersOf(recent);
    const mine = offers.find(({ text }) => text.challenge.answer?.message === reply.message);
    if (mine !== undefined) return goOn(mine.text);
    const [who] = ports.numberNames(reply.from);
    if ((await guards.raise(`text-tries:${who}`, DAY_MS, clock.now())).count > TRIES_PER_DAY_MAX) {
      return sayAtMost(reply, 'dead', last);
    }
    const counted: Offer[] = [];
    for (const offer of offers) {
      const text = await countTry(offer, reply.message);
      if (text !== null) counted.push({ ...offer, text });
    }
    // All are compared, so that how long it takes says nothing of which one it was.
    const [right] = counted.filter((offer) => isRight(offer, digits));
    if (right !== undefined) return accept(right, reply.message);
    const [late] = offers
      .filter(({ text }) => !counted.some((one) => one.text.id === text.id))
      .filter((offer) => isRight(offer, digits));
    if (late !== undefined) return say(wordForLate(late, clock.now()), late.payment);
    if (counted.length === 0) return sayAtMost(reply, offers.length === 0 ? helpFor(last, []) : 'expired', last);
    const isDead = counted.every(({ text }) => text.challenge.tried.length >= TEXT_TRIES_MAX);
    return sayAtMost(reply, isDead ? 'dead' : 'wrong', counted[0]?.payment ?? last);
  }

  /** One more message that tries a text's digits, stored before they are compared; null when it may not. */
  function countTry({ text: { id } }: Offer, message: string): Promise<Offer['text'] | null> {
    return change(id, ({ challenge }) => {
      if (challenge?.state !== 'open' || clock.now() >= challenge.expiresAt) return null;
      if (challenge.tried.includes(message)) return {};
      if (challenge.tried.length >= TEXT_TRIES_MAX) return null;
      return { challenge: { ...challenge, tried: [...challenge.tried, message] } };
    });
  }

  function isRight({ text, payment }: Offer, digits: string): boolean {
    const { challenge } = text;
    const isSameAmount = payment.amount === challenge.amount;
    return codes.isCode(challenge.hash, digits, ports.bindingOf(text, payment, challenge)) && isSameAmount;
  }

  /** The digits are right: from here on a text of its own tells what comes of it. */
  async function accept({ text, payment }: Offer, message: string): Promise<TextAnswer | null> {
    const now = clock.now();
    const open = ports.openPromptOf(payment, now);
    if (!isWaitedFor(payment, now)) return say(wordForOver(payment), payment);
    if (open === null || !asksForCard(open)) return say('busy', payment);
    const answer = { message, prompt: open.id, at: now };
    const answered = await change(text.id, ({ challenge, status, reach }) => {
      if (challenge?.state !== 'open') return null;
      const taken = { challenge: { ...challenge, state: 'answered' as const, answer }, dueAt: now + TAKEN_UP_MS };
      // Whoever has its digits has got it, whatever became of the answer to our request.
      return status === 'waiting' ? { ...taken, status: 'sent', sentAt: now, untold: reach !== null } : taken;
    });
    return answered === null ? null : goOn(answered);
  }

  async function goOn(text: Text): Promise<null> {
    if (text.challenge?.state === 'answered') await ports.follow(text, clock.now() + FOLLOW_MS);
    return null;
  }

  function helpFor(last: Payment | null, open: readonly Offer[]): string {
    if (last === null) return 'help';
    if (open.length > 0) return 'help_digits';
    return isWaitedFor(last, clock.now()) ? 'help_link' : 'help';
  }

  async function help(reply: TextReply): Promise<TextAnswer | null> {
    const { recent, last } = await recentOf(reply);
    const now = clock.now();
    const open = (await offersOf(recent)).filter(
      ({ text: { challenge }, payment }) =>
        challenge.state === 'open' && now < challenge.expiresAt && isWaitedFor(payment, now),
    );
    const about = open[0]?.payment ?? last;
    const key = reply.says.word === 'yes' && open.length > 0 ? 'digits_please' : helpFor(about, open);
    return sayAtMost(reply, key, about);
  }

  return {
    async answer(reply) {
      const { says, from } = reply;
      if (says.word === 'stop' || says.word === 'start') return takeWord(reply, says.word === 'start');
      // The provider takes YES for the wish to hear from us again; whoever wants no texts gets no answer.
      if ((await consents.optedOutAt(from, 'payment')) !== null) {
        if (says.word !== 'yes') return null;
        await takeWord(reply, true);
      }
      switch (says.word) {
        case 'digits':
          return takeDigits(reply, says.digits);
        case 'no':
          return takeNo(reply);
        case 'card_number':
          return sayAtMost(reply, 'card_number', (await recentOf(reply)).last);
        case 'yes':
        case 'help':
        case 'other':
          return help(reply);
      }
    },
  };
}

/** Wordings that lead to the page. */
const LEADING: ReadonlySet<string> = new Set(['refused', 'expired', 'dead', 'help_link']);

/** For a payment that waits for nobody. */
function wordForOver(payment: Payment): string {
  if (isPaid(payment)) return 'already_paid';
  return payment.status === 'processing' ? 'busy' : 'closed';
}

/** Right digits that come too late: the payment may be paid by them, by somebody else, or not at all. */
function wordForLate({ text: { challenge }, payment }: Offer, now: number): string {
  if (isPaid(payment)) return 'already_paid';
  if (challenge.state === 'answered') return 'busy';
  if (challenge.state === 'open' && now < challenge.expiresAt) return 'dead';
  return 'expired';
}
