import type { Payment } from './payment.js';

/**
 * What others may have texted, beside what a payment's reaches ask for. Asked twice for one payment and number it is sent
 * once; a number that has opted out is sent nothing. Each answers whether a text will go.
 */
export interface TextDesk {
  /**
   * The link of an open payment. `to` is a number of the order or of the payer's account, E.164; never one that only the
   * caller has named.
   */
  link(payment: Payment, to: string): Promise<boolean>;
  /** The receipt of a paid payment, asked for by the payer. */
  receipt(payment: Payment, to: string): Promise<boolean>;
}
