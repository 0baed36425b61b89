import type { Clock } from '../../contracts/clock.js';
import type { Log } from '../../contracts/log.js';
import { createPayer, patiently, pause } from '../payer.js';
import type { Shop } from '../shop/index.js';
import type { Telephone } from './devices/source.js';
import { createRace } from './race.js';
import type { Sources } from './sources.js';

export interface ExperimentPorts {
  readonly publicUrl: string;
  readonly sources: Sources;
  readonly shop: Pick<Shop, 'buy' | 'askByText' | 'journal'>;
  /** The simulator of Twilio; null where there is none. */
  readonly telephone: Telephone | null;
  /** Ends this process as a power cut does; null where nobody would start it again. */
  readonly pullThePlug: (() => void) | null;
  readonly clock: Clock;
  readonly log: Log;
}

export const EXPERIMENTS = ['buy', 'order', 'text', 'race', 'plug', 'answer', 'heal'] as const;
export type Experiment = (typeof EXPERIMENTS)[number];

const PRODUCT = 'honey';
/** The returning customer, with a saved card and a telephone. */
const CUSTOMER = { account: 'demo' } as const;
const CARD = { number: '4242 4242 4242 4242', expiry: '12/34', security_code: '123' };
/** Long enough for a person to see that the acquirer is answering, shorter than we wait for it. */
const WHILE_ANSWERING_MS = 1_200;
/** Inquiries that go unanswered first, so that the doubt lasts long enough to be seen: about two seconds. */
const SILENCES = { plug: 4, answer: 3 } as const;

/**
 * What the buttons do. Nothing is played: a real order is paid through the real payment page with a test card, the
 * sandbox is told to misbehave for this payment, and the process really dies.
 */
export function createExperiments(ports: ExperimentPorts) {
  const { publicUrl, sources, shop, telephone, pullThePlug, clock, log } = ports;
  const { journal } = shop;
  /** The payment that the plug is pulled for: pressed twice, it is pulled once. */
  let pulling: string | null = null;
  const race = telephone === null ? null : createRace({ publicUrl, telephone, sources, journal, clock });

  async function payByCard(payLink: string): Promise<void> {
    const payer = createPayer(publicUrl, clock);
    await payer.post(await payer.waitForForm(payLink, '/card'), CARD);
  }

  /** Goes on when the acquirer has booked the authorization: from then on the money is taken, whoever knows of it. */
  async function booked(payment: string): Promise<void> {
    await patiently(clock, 'the authorization', async () => {
      const lines = await sources.ledger(payment);
      return lines.some(({ type }) => type === 'authorize') ? true : null;
    });
  }

  async function pull(payment: string, payLink: string, end: () => void): Promise<void> {
    const paying = payByCard(payLink);
    await Promise.race([booked(payment), paying.then(() => booked(payment))]);
    await pause(clock, WHILE_ANSWERING_MS);
    journal.write({ at: clock.now(), payment, what: 'plug_pulled' });
    end();
  }

  function inBackground(payment: string, work: Promise<void>): void {
    work.catch((error: unknown) => {
      log.warn('an experiment of the lab did not come to its end', { payment, error });
      journal.write({ at: clock.now(), payment, what: 'went_wrong' });
      if (pulling === payment) pulling = null;
    });
  }

  const run: Readonly<Record<Experiment, (language: 'fr' | 'en') => Promise<string | null>>> = {
    async buy() {
      const { order, payLink } = await shop.buy(PRODUCT);
      const payment = order.payment ?? '';
      inBackground(payment, payByCard(payLink));
      return payment;
    },
    async order(language) {
      const { order } = await shop.buy(PRODUCT, { ...CUSTOMER, language });
      return order.payment;
    },
    async text(language) {
      if (telephone === null) return null;
      const { order } = await shop.buy(PRODUCT, { ...CUSTOMER, language });
      const payment = order.payment ?? '';
      inBackground(payment, shop.askByText(order));
      return payment;
    },
    async race() {
      if (race === null) return null;
      const { order, payLink } = await shop.buy(PRODUCT);
      const payment = order.payment ?? '';
      journal.write({ at: clock.now(), payment, what: 'race_wanted' });
      inBackground(payment, race(payment, payLink));
      return payment;
    },
    async plug() {
      if (pullThePlug === null || pulling !== null) return pulling;
      const { order, payLink } = await shop.buy(PRODUCT);
      const payment = order.payment ?? '';
      pulling = payment;
      await sources.program({ operation: 'authorize', fault: 'slow', payment });
      await sources.program({ operation: 'inquire', fault: 'down', count: SILENCES.plug, payment });
      journal.write({ at: clock.now(), payment, what: 'plug_wanted' });
      inBackground(payment, pull(payment, payLink, pullThePlug));
      return payment;
    },
    async answer() {
      const { order, payLink } = await shop.buy(PRODUCT);
      const payment = order.payment ?? '';
      await sources.program({ operation: 'authorize', fault: 'lost_answer', payment });
      await sources.program({ operation: 'inquire', fault: 'down', count: SILENCES.answer, payment });
      journal.write({ at: clock.now(), payment, what: 'answer_lost' });
      inBackground(payment, payByCard(payLink));
      return payment;
    },
    async heal() {
      await sources.heal();
      return null;
    },
  };

  /** Whoever pulled the plug left a note; this life says that it has begun. */
  function comeBack(): void {
    const last = journal.last();
    if (last?.what === 'plug_pulled') journal.write({ at: clock.now(), payment: last.payment, what: 'back_again' });
  }

  return { run, comeBack, canPullThePlug: pullThePlug !== null, hasTelephone: telephone !== null };
}
