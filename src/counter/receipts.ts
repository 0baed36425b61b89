import type { Taken, Visit } from '../contracts/channel.js';
import { isOwnCard } from '../contracts/open_payment.js';
import type { Payment } from '../contracts/payment.js';
import type { CounterGuards } from './guards.js';
import type { CounterPorts } from './ports.js';

/** Something before and after one @ and a dot behind it: the mail server decides the rest. No character that ends a line or a list. */
const ADDRESS = /^[^\s@,;:<>()[\]"\\\p{Cc}]{1,64}@[^\s@,;:<>()[\]"\\\p{Cc}]+\.[^\s@,;:<>()[\]"\\\p{Cc}.]{2,63}$/u;
const ADDRESS_LENGTH_MAX = 254;

const PAID: readonly Payment['status'][] = ['succeeded', 'requires_capture', 'partially_captured'];

/** Attempts that hold or took the money: a device that tried and was refused has paid nothing. */
const PAYING: ReadonlySet<string> = new Set(['authorized', 'captured']);

/**
 * The receipt by mail, for a payer whose order has no address and whom no merchant's page awaits. It says more than the page,
 * which is passed on: only the device that paid may have it sent, and not with a card that it took over from another.
 */
export function createReceipts({ mails }: Pick<CounterPorts, 'mails'>, guards: CounterGuards) {
  const isOffered = ({ status, returnUrl, payer: order, amount, attempts }: Payment, device: string | null): boolean =>
    PAID.includes(status) &&
    returnUrl === null &&
    order.email === null &&
    amount > 0 &&
    device !== null &&
    attempts.some(
      (attempt) => PAYING.has(attempt.status) && attempt.device?.id === device && isOwnCard(attempts, attempt),
    );

  return {
    async receiptOf(payment: Payment, device: string | null): Promise<Visit['receipt']> {
      if (!isOffered(payment, device)) return null;
      return (await guards.receiptsOf(payment.id)) > 0 ? 'asked' : 'offered';
    },

    async mailReceipt(payment: Payment | null, typed: string, device: string): Promise<Taken> {
      if (payment === null || !isOffered(payment, device)) return { taken: false, because: 'stale' };
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
