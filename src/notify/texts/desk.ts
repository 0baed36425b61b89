import type { Clock } from '../../contracts/clock.js';
import { DuplicateKey } from '../../contracts/errors.js';
import type { Ids } from '../../contracts/ids.js';
import { whyNever } from '../../contracts/numbers.js';
import { isWaitedFor } from '../../contracts/open_payment.js';
import { wantsNoTexts } from '../../contracts/payer.js';
import type { Payment } from '../../contracts/payment.js';
import type { Reach, ReachBegun } from '../../contracts/reach.js';
import type { Store } from '../../contracts/store.js';
import { E164 } from '../../contracts/telephone.js';
import type { ConsentPurpose, Consents, Text, TextDesk } from '../../contracts/text.js';
import { accountOf } from './offer.js';
import { newText } from './record.js';

export interface DeskPorts {
  readonly store: Pick<Store, 'texts' | 'payers'>;
  readonly consents: Consents;
  readonly clock: Clock;
  readonly ids: Ids;
  numberNames(number: string): readonly string[];
  readonly sums: (payment: Payment) => { readonly captured: number; readonly authorized: number };
  /** A text is due. */
  planned(): void;
}

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

  /** The one text of a kind to a number, or another one where those before came to nothing. */
  async function keyFor(payment: string, kind: 'link' | 'receipt', to: string): Promise<string> {
    const names = ports.numberNames(to);
    const before = (await store.texts.ofPayment(payment)).filter(
      (text) => text.kind === kind && text.number !== null && names.includes(text.number),
    );
    const hasFailed = before.length > 0 && before.every(({ status }) => status === 'failed' || status === 'dropped');
    const number = before[0]?.number ?? names[0] ?? '';
    return `${payment}.${kind}.${number}${hasFailed ? `.${before.length + 1}` : ''}`;
  }

  const desk: TextDesk = {
    async link(payment, to) {
      if (!isWaitedFor(payment, clock.now()) || !(await isWanted(payment, to, 'payment'))) return false;
      await plan(payment, { kind: 'link', key: await keyFor(payment.id, 'link', to) }, to);
      return true;
    },
    async receipt(payment, to) {
      const { captured, authorized } = ports.sums(payment);
      if (captured + authorized === 0 || !(await isWanted(payment, to, 'receipt'))) return false;
      await plan(payment, { kind: 'receipt', key: await keyFor(payment.id, 'receipt', to) }, to);
      return true;
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
