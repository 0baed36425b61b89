import { isLeftToAnotherRelease, StoreFailure } from '../contracts/errors.js';
import { asksForCard, isWaitedFor } from '../contracts/open_payment.js';
import { wantsNoTexts } from '../contracts/payer.js';
import type { Payment } from '../contracts/payment.js';
import {
  CONSENT_PURPOSES,
  TEXT_TRIES_MAX,
  type Text,
  type TextAnswer,
  type TextCounter,
  type TextReply,
} from '../contracts/text.js';
import { createTextAnswers, helpFor, type Offer, wordForLate, wordForOver } from './text_answers.js';
import { createOnce } from './text_once.js';
import type { TextCounterPorts } from './text_ports.js';

/** The latest texts to a number that an answer may be about, and as many of those with digits. */
const RECENT_MAX = 10;
const RACES_MAX = 20;
/** How long the provider is kept waiting for the outcome; a text tells it anyway. */
const FOLLOW_MS = 6_000;
/** How soon a sweep takes up what this process has begun. */
const TAKEN_UP_MS = 15_000;
const DAY_MS = 86_400_000;
/** Messages with digits from one number, right or wrong: with six digits, thirty a day hit one in thirty thousand. */
const TRIES_PER_DAY_MAX = 30;

/** What is asked of whoever has said this while digits are open. */
const ASKED_FOR: Readonly<Partial<Record<TextReply['says']['word'], string>>> = {
  yes: 'digits_please',
  doubtful: 'digits_alone',
};

/** What stands around a text that came in. */
interface Surroundings {
  readonly recent: readonly Text[];
  /** The payment that the latest text is about. */
  readonly last: Payment | null;
  readonly offers: readonly Offer[];
}

/** Reads off the texts that went to a number what somebody answers from there, and does it, once. */
export function createTextCounter(ports: TextCounterPorts): TextCounter {
  const { engine, store, consents, codes, clock } = ports;
  const { texts, guards } = store;
  const { say, sayAtMost, sayEnd } = createTextAnswers(ports);
  const once = createOnce(guards, clock);

  /** The latest texts to the number, newest first, and what they offer. */
  async function look({ from }: TextReply): Promise<Surroundings> {
    const names = ports.numberNames(from);
    const recent = await texts.ofNumber(names, RECENT_MAX);
    // Whatever was sent since: links and receipts hide no digits.
    const asking = await texts.withDigitsTo(names, RECENT_MAX);
    const [latest] = recent;
    const last = latest === undefined ? null : await engine.load(latest.payment);
    const offers = await Promise.all(
      asking.filter(hasDigits).map(async (text) => {
        const payment = await engine.load(text.payment);
        return payment === null ? [] : [{ text, payment }];
      }),
    );
    return { recent, last, offers: offers.flat() };
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
    const { recent, last, offers } = await look(reply);
    await consents.say(reply.from, { given, by: 'payer', purposes: CONSENT_PURPOSES });
    if (!given) for (const offer of offers) await close(offer, 'opted_out');
    for (const id of new Set(recent.map(({ payment }) => payment))) await tell(engine.consented(id, given));
    return sayAtMost(reply, given ? 'started' : 'stopped', last);
  }

  /** What the payer's word has done stands, though a payment that goes on in another release does not tell of it. */
  async function tell(told: Promise<unknown>): Promise<void> {
    await told.catch((error: unknown) => {
      if (!isLeftToAnotherRelease(error)) throw error;
    });
  }

  /**
   * Ends the latest offer that is open, in all texts that make it, and nothing else: the number may be somebody else's, and other
   * merchants may wait there.
   */
  async function takeNo(reply: TextReply): Promise<TextAnswer | null> {
    const { last, offers } = await look(reply);
    const [latest] = [...offers.filter((offer) => isOpen(offer)), ...offers].filter(
      ({ text }) => text.challenge.state === 'open',
    );
    const same = offers.filter(({ payment }) => payment.id === latest?.payment.id);
    let ended: Offer | null = null;
    for (const offer of same) {
      if (!(await close(offer, 'refused'))) continue;
      ended ??= offer;
      const { reach, payment } = offer.text;
      if (reach !== null) await tell(engine.reached(payment, reach, { status: 'refused' }));
    }
    if (ended === null) {
      const isCharging = (await look(reply)).offers.some(isUnderWay);
      return sayAtMost(reply, isCharging ? 'too_late' : helpFor(last, [], clock.now()), last);
    }
    const hasOthers = offers.some((offer) => !same.includes(offer) && (isOpen(offer) || isUnderWay(offer)));
    return say(hasOthers ? 'refused_one' : 'refused', ended.payment);
  }

  function isOpen({ text: { challenge }, payment }: Offer): boolean {
    const now = clock.now();
    return challenge.state === 'open' && now < challenge.expiresAt && isWaitedFor(payment, now);
  }

  async function takeDigits(
    reply: TextReply,
    digits: string,
    { last, offers }: Surroundings,
  ): Promise<TextAnswer | null> {
    const [who] = ports.numberNames(reply.from);
    const [latest] = offers.filter((offer) => isOpen(offer));
    if ((await guards.raise(`text-tries:${who}`, DAY_MS, clock.now())).count > TRIES_PER_DAY_MAX) {
      return sayEnd(reply, 'spent', { offer: latest, last });
    }
    const counted: Offer[] = [];
    const late: Offer[] = [];
    for (const offer of offers) {
      const text = await countTry(offer, reply.message);
      if (text !== null) counted.push({ ...offer, text });
      else late.push(await asItIs(offer));
    }
    // All are compared, so that how long it takes says nothing of which one it was.
    const [right] = counted.filter((offer) => isRight(offer, digits));
    if (right !== undefined) return accept(right, reply);
    const [tooLate] = late.filter((offer) => isRight(offer, digits));
    if (tooLate !== undefined) return say(wordForLate(tooLate, clock.now()), tooLate.payment);
    const [first] = counted;
    if (first === undefined) {
      if (offers.length === 0) return sayAtMost(reply, helpFor(last, [], clock.now()), last);
      return sayEnd(reply, latest === undefined ? 'expired' : 'dead', { offer: latest ?? offers[0], last });
    }
    const isDead = counted.every(({ text }) => text.challenge.tried.length >= TEXT_TRIES_MAX);
    return isDead ? sayEnd(reply, 'dead', { offer: first, last }) : sayAtMost(reply, 'wrong', first.payment);
  }

  /** What has become of an offer in the meantime. */
  async function asItIs({ text, payment }: Offer): Promise<Offer> {
    const [stored, now] = [await texts.load(text.id), await engine.load(payment.id)];
    return { text: stored !== null && hasDigits(stored) ? stored : text, payment: now ?? payment };
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
  async function accept(offer: Offer, { from, message }: TextReply): Promise<TextAnswer | null> {
    const { text, payment } = offer;
    const now = clock.now();
    const open = ports.openPromptOf(payment, now);
    if (!isWaitedFor(payment, now)) return say(wordForOver(payment), payment);
    if (open === null || !asksForCard(open)) return say('busy', payment);
    if (await isRefusedByAccount(payment, from)) {
      await close(offer, 'opted_out');
      return say('expired', payment);
    }
    const answer = { message, prompt: open.id, at: now };
    const answered = await change(text.id, ({ challenge, status, reach }) => {
      if (challenge?.state !== 'open') return null;
      const taken = { challenge: { ...challenge, state: 'answered' as const, answer }, dueAt: now + TAKEN_UP_MS };
      // Whoever has its digits has got it, whatever became of the answer to our request.
      return status === 'waiting' ? { ...taken, status: 'sent', sentAt: now, untold: reach !== null } : taken;
    });
    if (answered !== null) return goOn(answered);
    const instead = await asItIs(offer);
    return say(wordForLate(instead, now), instead.payment);
  }

  /** Digits that went out before the account was told that no texts are wanted pay nothing, as after STOP. */
  async function isRefusedByAccount({ merchant: owner, mode, payer }: Payment, number: string): Promise<boolean> {
    const { account } = payer;
    return account !== null && wantsNoTexts(await ports.payers.find({ owner, mode, account }), number);
  }

  async function goOn(text: Text): Promise<null> {
    if (text.challenge?.state === 'answered') await ports.follow(text, clock.now() + FOLLOW_MS);
    return null;
  }

  async function help(reply: TextReply): Promise<TextAnswer | null> {
    const { last, offers } = await look(reply);
    const open = offers.filter((offer) => isOpen(offer));
    const about = open[0]?.payment ?? last;
    const asked = open.length > 0 ? ASKED_FOR[reply.says.word] : undefined;
    return sayAtMost(reply, asked ?? helpFor(about, open, clock.now()), about);
  }

  /** Whoever wants no texts gets none but what was asked for, and nothing changes but by the wish to have them again. */
  async function afterStop(reply: TextReply): Promise<TextAnswer | null> {
    if (reply.says.word === 'yes' && reply.says.optsIn) return takeWord(reply, true);
    return reply.says.word === 'help' ? sayAtMost(reply, 'help_stopped', (await look(reply)).last) : null;
  }

  async function take(reply: TextReply): Promise<TextAnswer | null> {
    const { says, from } = reply;
    if (says.word === 'stop' || says.word === 'start') return takeWord(reply, says.word === 'start');
    if ((await consents.optedOutAt(from, 'payment')) !== null) return afterStop(reply);
    switch (says.word) {
      case 'digits':
        return takeDigits(reply, says.digits, await look(reply));
      case 'no':
        return takeNo(reply);
      case 'card_number':
        return sayAtMost(reply, 'card_number', (await look(reply)).last);
      case 'yes':
      case 'doubtful':
      case 'help':
      case 'other':
        return help(reply);
    }
  }

  return {
    async answer(reply) {
      // What was accepted is brought to its end, whoever asks again: that charges nothing more.
      const accepted = reply.says.word === 'digits' ? await acceptedBy(reply) : undefined;
      return accepted === undefined ? once(reply.message, () => take(reply)) : goOn(accepted.text);
    },
  };

  async function acceptedBy(reply: TextReply): Promise<Offer | undefined> {
    const { offers } = await look(reply);
    return offers.find(({ text }) => text.challenge.answer?.message === reply.message);
  }
}

function hasDigits(text: Text): text is Offer['text'] {
  return text.challenge !== null;
}

function isUnderWay({ text }: Offer): boolean {
  return text.challenge.state === 'answered';
}
