import { isEmailSettled, recordOf } from '../contracts/payer.js';
import type { TvNotice, TvPlace, TvSession } from '../contracts/television.js';
import type { CounterGuards } from './guards.js';
import { entryOn, placeWith, tokensIn } from './tv_entry.js';
import type { TvPorts } from './tv_ports.js';
import { type Seen, START, type TvSessionDesk } from './tv_sessions.js';

/** What a purchase code has in the end; anything else is a slip, and costs no try. */
const PURCHASE_CODE = /^\d{4,8}$/;

export interface TvPaying {
  /** Takes a purchase code: pays with the one card there is, or has one of several chosen. */
  takeCode(seen: Seen, code: string | null): Promise<void>;
  /** Pays with the card that was chosen after the code. */
  pay(seen: Seen, instrument: string): Promise<void>;
  /** One more digit from a box that cannot collect an entry: each lies in the vault by itself, for minutes. */
  takeDigit(seen: Seen, digit: string, seq: number): Promise<void>;
  /** The last of them is taken back, and is kept nowhere. */
  eraseDigit(seen: Seen, seq: number): Promise<void>;
  /** A key of such a box that did nothing. */
  skipKey(seen: Seen, seq: number): Promise<void>;
  /** What was keyed so far is kept nowhere: its viewer has left the entry. */
  forgetDigits(place: TvPlace): Promise<void>;
}

/** Whether the place that was taken for a code is still what the session is at. */
const isStill = (now: TvSession, before: TvSession): boolean =>
  now.place.screen === 'checking' && now.step === before.step + 1 && now.account === before.account;

/** Paying on television: a stored card of the household, for who has its purchase code. The error counts on the account. */
export function createTvPaying(ports: TvPorts, guards: CounterGuards, { see, move }: TvSessionDesk): TvPaying {
  const { engine, vault, payers } = ports;

  const useUp = (tokens: readonly string[]): Promise<(string | null)[]> =>
    Promise.all(tokens.map((token) => vault.takeSecret('purchase_code', token)));

  const forgetDigits = async (place: TvPlace): Promise<void> => void (await useUp(tokensIn(place)));

  /** Takes the next key of an entry. What is no longer one of its digits is kept nowhere, nor what was keyed on another screen. */
  async function goOn(
    { scene: { session }, shown }: Seen,
    next: (tokens: readonly string[]) => readonly string[],
    seq: number,
  ): Promise<boolean> {
    const { place } = session;
    const { version } = shown.screen;
    const tokens = next(entryOn(version, place).tokens);
    if (!(await move(session, placeWith(place, version, { tokens, seq }), 0))) return false;
    await useUp(tokensIn(place).filter((token) => !tokens.includes(token)));
    return true;
  }

  async function answerOf({ scene }: Seen, code: string): Promise<'verified' | 'locked' | TvNotice> {
    const { payment, household, session } = scene;
    if (household === null) return 'wrong';
    const { operator, mode, device } = session;
    const box = JSON.stringify([operator, mode, device.id]);
    if (!(await guards.admitsPurchaseCodeAt({ payment: payment.id, payer: household.payer, box }))) return 'too_many';
    const { answer } = await payers.checkPurchaseCode(household.payer, code);
    if (answer === 'verified') await guards.purchaseCodeWasRightAt(box);
    return answer === 'verified' || answer === 'locked' || answer === 'unavailable' ? answer : 'wrong';
  }

  async function takeCode(seen: Seen, given: string | null): Promise<void> {
    const { scene, shown } = seen;
    const { place } = scene.session;
    const at: TvPlace = { ...START, screen: 'purchase_code', focus: -1 };
    // The place is taken before digits are used up and the code is looked at: the same post a second time finds another screen.
    if (!(await move(scene.session, { ...START, screen: 'checking' }))) return;
    const digits = await useUp(tokensIn(place));
    const code = given ?? (digits.includes(null) ? null : digits.join(''));
    const now = await see(shown.session);
    // Opened anew meanwhile, perhaps for another household: this code was for none but the one that was here.
    if (now === null || !isStill(now.scene.session, scene.session)) return;
    if (code === null || !PURCHASE_CODE.test(code)) {
      await move(now.scene.session, { ...at, notice: 'form' });
      return;
    }
    const answer = await answerOf(now, code);
    if (answer === 'verified') return verified(now);
    await move(now.scene.session, answer === 'locked' ? at : { ...at, notice: answer });
  }

  async function verified(seen: Seen): Promise<void> {
    const { session, household, now } = seen.scene;
    const [only, ...others] = household?.cards ?? [];
    if (only !== undefined && others.length === 0) return pay(seen, only.id);
    await move(session, only === undefined ? START : { ...START, screen: 'choose_card', provenAt: now });
  }

  async function pay({ scene }: Seen, instrument: string): Promise<void> {
    const { payment, prompt, session, device, now } = scene;
    const { operator: owner, mode, account } = session;
    const payer = account === null ? null : await payers.find({ owner, mode, account });
    const stored = payer?.instruments.find(({ id }) => id === instrument);
    if (payer?.erasedAt === null && isEmailSettled(payer, now) && stored !== undefined && prompt !== null) {
      await engine.reply(payment.id, {
        ...{ type: 'card', prompt: prompt.id, channel: 'tv', device, browser: null },
        ...{ token: recordOf(stored), face: stored.face, stored: true, proof: 'purchase_code' },
      });
    }
    await move(session, START);
  }

  return {
    takeCode,
    pay,

    async takeDigit(seen, digit, seq) {
      const token = await vault.keepSecret('purchase_code', digit);
      if (!(await goOn(seen, (tokens) => [...tokens, token], seq))) await useUp([token]);
    },

    eraseDigit: async (seen, seq) => void (await goOn(seen, (tokens) => tokens.slice(0, -1), seq)),
    skipKey: async (seen, seq) => void (await goOn(seen, (tokens) => tokens, seq)),
    forgetDigits,
  };
}
