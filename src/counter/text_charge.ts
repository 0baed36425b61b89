import { cardToCharge, isCardExpired, recordOf } from '../contracts/payer.js';
import type { Payment } from '../contracts/payment.js';
import type { Text, TextCharged } from '../contracts/text.js';
import type { TextCounterPorts } from './text_ports.js';

/**
 * Charges the stored card that a text's digits consent to, as the answer to the prompt that they were accepted for: asked
 * again, or when something else was faster, the engine drops it. The card and the number must still be the account's.
 */
export function createTextCharge({
  engine,
  payers,
  clock,
  numberNames,
  deviceOf,
  isTextEnough,
}: Pick<TextCounterPorts, 'engine' | 'payers' | 'clock' | 'numberNames' | 'deviceOf' | 'isTextEnough'>) {
  return async (offer: Text, payment: Payment): Promise<TextCharged> => {
    const { challenge, number } = offer;
    const { merchant: owner, mode, payer: order } = payment;
    if (challenge?.answer == null || number === null || order.account === null) return 'asked';
    const payer = await payers.find({ owner, mode, account: order.account });
    if (payer === null || payer.erasedAt !== null || payer.phone === null) return 'asked';
    if (!numberNames(payer.phone).includes(number) || cardToCharge(payer, clock.now()) === null) return 'asked';
    const stored = payer.instruments.find(({ id }) => id === challenge.instrument);
    if (stored === undefined || isCardExpired(stored.face, clock.now())) return 'asked';
    // Its authentication was refused or left elsewhere, since the digits were sent.
    if (!isTextEnough(payment, stored.face)) return 'needs_authentication';
    await engine.reply(payment.id, {
      type: 'card',
      prompt: challenge.answer.prompt,
      channel: 'sms',
      device: deviceOf(offer),
      browser: null,
      token: recordOf(stored),
      face: stored.face,
      stored: true,
      proof: 'sms_code',
    });
    return 'asked';
  };
}
