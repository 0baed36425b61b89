import { Problem } from '../contracts/errors.js';
import type { Payment, Refund } from '../contracts/payment.js';
import type { Caller } from './authenticate.js';
import type { Family } from './idempotency.js';
import type { ApiPorts } from './ports.js';
import type { Reply } from './reply.js';
import { isId } from './schemas.js';

/** Payments as one merchant sees them in one mode: whatever else exists is not found. */
export interface OwnedPayments {
  /** @throws Problem 404 `payment_not_found` */
  find(caller: Caller, id: string): Promise<Payment>;
  has(caller: Caller, id: string): Promise<boolean>;
  /** @throws Problem 404 `refund_not_found` */
  findRefund(caller: Caller, id: string): Promise<{ payment: Payment; refund: Refund }>;
  /** Where payments and all below them keep their requests. */
  readonly family: Family;
  show(payment: Payment, status?: number): Reply;
  showRefund(payment: Payment, refund: Refund, status?: number): Reply;
}

export function createOwnedPayments(ports: Pick<ApiPorts, 'store' | 'presenter'>): OwnedPayments {
  const { payments } = ports.store;
  const { presenter } = ports;
  const show = (payment: Payment, status = 200): Reply => ({ status, body: presenter.payment(payment) });
  const showRefund = (payment: Payment, refund: Refund, status = 200): Reply => ({
    status,
    body: presenter.refund(payment, refund),
  });

  function isOf({ merchant, mode }: Caller, payment: Payment | null): payment is Payment {
    return payment !== null && payment.merchant === merchant.id && payment.mode === mode;
  }

  const family: Family = {
    async find(merchant, mode, key) {
      const id = await payments.byRequest(merchant, mode, key);
      const payment = id === null ? null : await payments.load(id);
      const kept = payment?.requests.find((request) => request.key === key);
      if (payment === null || kept === undefined) return null;
      const refund = payment.refunds.find((made) => made.id === kept.target);
      const status = kept.target === 'create' ? 201 : 200;
      const reach = payment.reaches.find((made) => made.id === kept.target);
      if (reach !== undefined) return { kept, current: () => ({ status: 202, body: presenter.reach(payment, reach) }) };
      const current = (): Reply => (refund === undefined ? show(payment, status) : showRefund(payment, refund, 201));
      return { kept, current };
    },
  };

  async function load(caller: Caller, id: string): Promise<Payment | null> {
    const payment = isId('pay', id) ? await payments.load(id) : null;
    return isOf(caller, payment) ? payment : null;
  }

  return {
    has: async (caller, id) => (await load(caller, id)) !== null,
    async find(caller, id) {
      const payment = await load(caller, id);
      if (payment !== null) return payment;
      throw new Problem(404, 'payment_not_found', 'There is no such payment.');
    },
    async findRefund(caller, id) {
      const holder = isId('rfd', id) ? await payments.byRefund(id) : null;
      const payment = holder === null ? null : await payments.load(holder);
      const refund = isOf(caller, payment) ? payment.refunds.find((made) => made.id === id) : undefined;
      if (payment !== null && refund !== undefined) return { payment, refund };
      throw new Problem(404, 'refund_not_found', 'There is no such refund.');
    },
    family,
    show,
    showRefund,
  };
}
