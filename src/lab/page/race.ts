import type { Clock } from '../../contracts/clock.js';
import { createPayer, patiently, pause } from '../payer.js';
import type { Journal } from '../shop/journal.js';
import type { ShownCall } from '../twilio/devices.js';
import { createDeviceSource, type DeviceSource, type Telephone } from './devices/source.js';
import type { ShownPayment, Sources } from './sources.js';

export interface RacePorts {
  readonly publicUrl: string;
  readonly telephone: Telephone;
  readonly sources: Pick<Sources, 'payment'>;
  readonly journal: Pick<Journal, 'write'>;
  readonly clock: Clock;
}

const CARD = { number: '4242 4242 4242 4242', expiry: '12/34', security_code: '123' };
/** The same card on the keypad: the number, the expiry date, the security code. */
const KEYS = `${CARD.number}${CARD.expiry}${CARD.security_code}`.replace(/\D/g, '');
const ENGLISH = '2';
const PAY_BY_CARD = '1';

/**
 * One payer too many: somebody with the payment page open and somebody on the telephone, each with a whole card, press
 * the last key in the same instant. Which of them pays is nobody's choice here.
 */
export function createRace({ publicUrl, telephone, sources, journal, clock }: RacePorts) {
  const devices = createDeviceSource(telephone);

  return async function race(payment: string, payLink: string): Promise<void> {
    const payer = createPayer(publicUrl, clock);
    const form = await payer.waitForForm(payLink, '/card');
    const { number, code } = wayByPhone(await sources.payment(payment));
    const caller = await dial(devices, telephone.holder, number, clock);
    await caller.press(`${ENGLISH}${code}#${PAY_BY_CARD}${KEYS}`);
    // The provider thanks for the card and then hands it on: the page is sent in that instant.
    const { transcript } = await caller.listen('thanks for the card', (call) => thanksIn(call) !== undefined);
    const { at, ms } = thanksIn({ transcript }) ?? { at: clock.now(), ms: 0 };
    await pause(clock, at + ms - clock.now() + slip(at));
    journal.write({ at: clock.now(), payment, what: 'raced' });
    await payer.post(form, CARD);
    const heard = await caller.listen('the telephone tells the outcome', ({ transcript }) =>
      transcript.some(({ by, text }) => by === 'voice' && OUTCOME.test(text)),
    );
    await payer.waitForWords(payLink, /You have paid|was paid by telephone/);
    const isLate = heard.transcript.some(({ text }) => /paid already/.test(text));
    journal.write({ at: clock.now(), payment, what: isLate ? 'phone_told' : 'page_told' });
    await caller.hangUp();
  };
}

const thanksIn = ({ transcript }: Pick<ShownCall, 'transcript'>) =>
  transcript.find(({ by, text }) => by === 'voice' && text.startsWith('Thank you. One moment'));

/** No finger is exact to the millisecond, and so either may win: the way of the telephone is a little longer. */
const SLIP_MS = 40;
const slip = (at: number): number => at % SLIP_MS;

const OUTCOME = /You have paid|paid already/;

function wayByPhone(payment: ShownPayment | null): { number: string; code: string } {
  const way = payment?.next_actions.find(({ type }) => type === 'ivr_prompt');
  if (way?.telephone === undefined || way.payment_code === undefined) throw new Error('nobody can call about it');
  return { number: way.telephone, code: way.payment_code };
}

/** The lab's own telephone in somebody's hand: each key is pressed when it is awaited. */
async function dial(devices: DeviceSource, from: string, to: string, clock: Clock) {
  const before = (await devices.look(from)).call?.sid ?? null;
  await devices.act('dial', { from, to });
  const { sid } = await patiently(clock, 'the call', async () => {
    const { call } = await devices.look(from);
    return call === null || call.sid === before ? null : call;
  });

  return {
    async press(keys: string): Promise<void> {
      for (const key of keys) {
        await patiently(clock, 'somebody who takes the key', async () =>
          (await devices.act('press', { sid, key })) ? true : null,
        );
      }
    },
    /** Waits for a moment of the call. */
    listen: (what: string, isSo: (call: ShownCall) => boolean): Promise<ShownCall> =>
      patiently(clock, what, async () => {
        const { call } = await devices.look(from);
        return call?.sid === sid && isSo(call) ? call : null;
      }),
    hangUp: (): Promise<boolean> => devices.act('hang-up', { sid }),
  };
}
