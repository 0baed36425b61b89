import type { Taken, Visit } from '../contracts/channel.js';
import type { Payment } from '../contracts/payment.js';
import type { CounterGuards } from './guards.js';
import type { CounterPorts } from './ports.js';

/** Something before and after one @ and a dot behind it: the mail server decides the rest. No character that ends a line or a list. */
const ADDRESS = /^[^\s@,;:<>()[\]"\\\p{Cc}]{1,64}@[^\s@,;:<>()[\]"\\\p{Cc}]+\.[^\s@,;:<>()[\]"\\\p{Cc}.]{2,63}$/u;
const ADDRESS_LENGTH_MAX = 254;

const PAID: readonly Payment['status'][] = ['succeeded', 'requires_capture', 'partially_captured'];

/** The receipt by mail, for a payer whose order has no address and whom no merchant's page awaits. */
export function createReceipts({ mails }: Pick<CounterPorts, 'mails'>, guards: CounterGuards) {
  const isOffered = ({ status, returnUrl, payer, amount }: Payment): boolean =>
    PAID.includes(status) && returnUrl === null && payer.email === null && amount > 0;

  return {
    async receiptOf(payment: Payment): Promise<Visit['receipt']> {
      if (!isOffered(payment)) return null;
      return (await guards.receiptsOf(payment.id)) > 0 ? 'asked' : 'offered';
    },

    async mailReceipt(payment: Payment | null, typed: string): Promise<Taken> {
      if (payment === null || !isOffered(payment)) return { taken: false, because: 'stale' };
      const to = typed.trim();
      if (to.length > ADDRESS_LENGTH_MAX || !ADDRESS.test(to)) {
        const message = to === '' ? 'receipt.missing' : 'receipt.form';
        return { taken: false, because: 'invalid', problems: [{ field: 'email', message }] };
      }
      if (!(await guards.admitsReceipt(payment.id)))
        return { taken: false, because: 'too_many', message: 'receipt.too_many' };
      await mails.receipt(payment, to);
      return { taken: true };
    },
  };
}
