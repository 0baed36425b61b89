import type { Clock } from '../../contracts/clock.js';
import { DuplicateKey } from '../../contracts/errors.js';
import type { Ids } from '../../contracts/ids.js';
import { whyNever } from '../../contracts/numbers.js';
import { isWaitedFor } from '../../contracts/open_payment.js';
import { wantsNoTexts } from '../../contracts/payer.js';
import type { Mode, Payment } from '../../contracts/payment.js';
import type { Reach, ReachBegun } from '../../contracts/reach.js';
import { ASKED_PER_NUMBER_MAX, askedCounter, merchantCounter, REACH_WINDOW_MS } from '../../contracts/reach_limits.js';
import type { Store } from '../../contracts/store.js';
import { E164 } from '../../contracts/telephone.js';
import type { ConsentPurpose, Consents, Text, TextDesk } from '../../contracts/text.js';
import { accountOf } from './offer.js';
import { newText } from './record.js';

export interface DeskPorts {
  readonly store: Pick<Store, 'texts' | 'payers'> & { readonly guards: Pick<Store['guards'], 'raise' | 'lower'> };
  readonly consents: Consents;
  readonly clock: Clock;
  readonly ids: Ids;
  numberNames(number: string): readonly string[];
  /** A keyed hash that stands for a number in counters. */
  pseudonym(text: string): string;
  /** Texts and calls of one merchant within an hour, by mode. */
  readonly reachesPerHour: Readonly<Record<Mode, number>>;
  readonly sums: (payment: Payment) => { readonly captured: number; readonly authorized: number };
  /** A text is due. */
  planned(): void;
}

/** Texts of one kind to one number for one payment that come to nothing; then no more is tried. */
const FAILED_MAX = 2;
const CAME_TO_NOTHING: ReadonlySet<Text['status']> = new Set(['failed', 'dropped']);

/** Plans texts, each under a key that stands for the wish: asked twice, planned once. */
export function createDesk(ports: DeskPorts) {
  const { store, consents, clock, ids } = ports;

  async function plan(
    payment: Payment,
    given: Pick<Text, 'kind' | 'key'> & Partial<Pick<Text, 'reach'>>,
    to: string,
  ): Promise<void> {
    const number = ports.numberNames(to)[0] ?? null;
    try {
      await store.texts.commit(newText(payment, { ...given, to, number }, clock.now(), ids));
    } catch (error) {
      if (!(error instanceof DuplicateKey)) throw error;
    }
    ports.planned();
  }

  /**
   * What an account was told holds for what is asked for in this very call too: whoever calls has a code or a number in hand,
   * and neither says that it is the payer.
   */
  async function isWanted(payment: Payment, to: string, purpose: ConsentPurpose): Promise<boolean> {
    return E164.test(to) && whyNever('sms', to) === null && !(await isRefused(payment, to, purpose));
  }

  /** By the number's own word, or by what the merchant has been told of the account. */
  async function isRefused(payment: Payment, to: string, purpose: ConsentPurpose): Promise<boolean> {
    return (await consents.optedOutAt(to, purpose)) !== null || wantsNoTexts(await accountOf(payment, store), to);
  }

  /** Whoever calls may ask for many payments, and a number that is not theirs. */
  async function isWithinLimits({ mode, merchant }: Payment, to: string): Promise<boolean> {
    const now = clock.now();
    const ofNumber = askedCounter(mode, ports.pseudonym(to));
    if ((await store.guards.raise(ofNumber, REACH_WINDOW_MS, now)).count > ASKED_PER_NUMBER_MAX) return false;
    const ofMerchant = await store.guards.raise(merchantCounter(mode, merchant), REACH_WINDOW_MS, now);
    if (ofMerchant.count <= ports.reachesPerHour[mode]) return true;
    await store.guards.lower(ofNumber, now);
    return false;
  }

  /** The one text of a kind to a number, or a second one where the first came to nothing. */
  async function ask(payment: Payment, kind: 'link' | 'receipt', to: string): Promise<boolean> {
    const names = ports.numberNames(to);
    const before = (await store.texts.ofPayment(payment.id)).filter(
      (text) => text.kind === kind && text.number !== null && names.includes(text.number),
    );
    if (before.some(({ status }) => !CAME_TO_NOTHING.has(status))) return true;
    if (before.length >= FAILED_MAX || !(await isWithinLimits(payment, to))) return false;
    const number = before[0]?.number ?? names[0] ?? '';
    const again = before.length === 0 ? '' : `.${before.length + 1}`;
    await plan(payment, { kind, key: `${payment.id}.${kind}.${number}${again}` }, to);
    return true;
  }

  const desk: TextDesk = {
    async link(payment, to) {
      if (!isWaitedFor(payment, clock.now()) || !(await isWanted(payment, to, 'payment'))) return false;
      return ask(payment, 'link', to);
    },
    async receipt(payment, to) {
      const { captured, authorized } = ports.sums(payment);
      if (captured + authorized === 0 || !(await isWanted(payment, to, 'receipt'))) return false;
      return ask(payment, 'receipt', to);
    },
  };

  /** The text of a reach. */
  async function offer(payment: Payment, { id, step = 0, to }: Reach): Promise<ReachBegun> {
    if (to === null) return { begun: 'impossible', why: 'erased' };
    const never = whyNever('sms', to);
    if (never !== null) return { begun: 'impossible', why: never };
    if (await isRefused(payment, to, 'payment')) return { begun: 'impossible', why: 'opted_out' };
    await plan(payment, { kind: 'offer', key: `${id}.${step}.sms`, reach: { reach: id, step } }, to);
    return { begun: 'handed_over' };
  }

  return { desk, offer };
}
