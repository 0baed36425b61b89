import { isEmailSettled, recordOf } from '../contracts/payer.js';
import type { TvNotice, TvPlace } from '../contracts/television.js';
import type { CounterGuards } from './guards.js';
import type { TvPorts } from './tv_ports.js';
import { type Seen, START, type TvSessionDesk } from './tv_sessions.js';

/** What a purchase code has in the end; anything else is a slip, and costs no try. */
const PURCHASE_CODE = /^\d{4,8}$/;
const DIGITS_MAX = 8;

export interface TvPaying {
  /** Takes a purchase code: pays with the one card there is, or has one of several chosen. */
  takeCode(seen: Seen, code: string | null): Promise<void>;
  /** Pays with the card that was chosen after the code. */
  pay(seen: Seen, instrument: string): Promise<void>;
  /** One more digit from a box that cannot collect an entry: each lies in the vault by itself, for minutes. */
  takeDigit(seen: Seen, digit: string, seq: number): Promise<void>;
}

/** Paying on television: a stored card of the household, for who has its purchase code. The error counts on the account. */
export function createTvPaying(ports: TvPorts, guards: CounterGuards, { see, move }: TvSessionDesk): TvPaying {
  const { engine, vault, payers } = ports;

  /** The digits of an entry, used up; null when one of them is gone. */
  async function collected({ keyed }: TvPlace): Promise<string | null> {
    const digits = await Promise.all(
      (keyed?.split(' ') ?? []).map((token) => vault.takeSecret('purchase_code', token)),
    );
    return digits.includes(null) ? null : digits.join('');
  }

  /** The place is taken before the code is looked at: the same post a second time finds another screen. */
  async function claimed(token: string, seen: Seen): Promise<Seen | null> {
    const { session } = seen.scene;
    return (await move(session, { ...START, screen: 'checking' })) ? see(token) : null;
  }

  async function answerOf({ scene }: Seen, code: string): Promise<'verified' | 'locked' | TvNotice> {
    const { payment, household, session } = scene;
    if (household === null) return 'wrong';
    const { operator, mode, device } = session;
    const box = JSON.stringify([operator, mode, device.id]);
    if (!(await guards.admitsPurchaseCodeAt(payment.id, box))) return 'too_many';
    const { answer } = await payers.checkPurchaseCode(household.payer, code);
    if (answer === 'verified') await guards.purchaseCodeWasRightAt(box);
    return answer === 'verified' || answer === 'locked' || answer === 'unavailable' ? answer : 'wrong';
  }

  async function takeCode(seen: Seen, given: string | null): Promise<void> {
    const { session } = seen.scene;
    const at: TvPlace = { ...START, screen: 'purchase_code', focus: -1 };
    const code = given ?? (await collected(session.place));
    if (code === null || !PURCHASE_CODE.test(code)) {
      await move(session, { ...at, notice: 'form' });
      return;
    }
    const now = await claimed(seen.shown.session, seen);
    if (now === null) return;
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

    async takeDigit({ scene: { session } }, digit, seq) {
      const { place } = session;
      const keyed = place.keyed === null ? [] : place.keyed.split(' ');
      if (keyed.length >= DIGITS_MAX) return;
      const token = await vault.keepSecret('purchase_code', digit);
      await move(session, { ...place, keyed: [...keyed, token].join(' '), seq }, 0);
    },
  };
}
