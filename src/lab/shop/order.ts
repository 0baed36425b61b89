import type { Language } from './words.js';

/** An order as the shop keeps it. What is known of its money is what Guichet said last, and how. */
export interface Order {
  /** Unguessable: whoever has its address sees the order. */
  readonly id: string;
  /** `SHOP-…`, as it stands on the payment page, on mails and in the API. */
  readonly reference: string;
  /** The cart it was made from: one cart, one order, however often its button is pressed. */
  readonly cart: string;
  readonly lines: readonly Line[];
  /** Minor units of EUR. */
  readonly amount: number;
  readonly description: string;
  readonly email: string | null;
  /** The customer's account at this shop, whose saved cards Guichet may offer. */
  readonly account: string | null;
  readonly language: Language;
  readonly createdAt: number;
  /** Counts the payments asked for: another one may follow where the last has ended without money. */
  round: number;
  payment: string | null;
  payLink: string | null;
  /** Where to call, and the code to key; null where nobody can call. Absent in orders from before. */
  call?: Call | null;
  /** The payment's status, null before there is one; with the version that it is of, and who told. */
  status: string | null;
  version: number;
  toldBy: 'webhook' | 'api' | null;
  toldAt: number | null;
  refunded: number;
  /** Counts the refunds that were tried: another one may follow where the last has failed, and that one is named here. */
  refundRound?: number;
  failedRefund?: string | null;
}

export interface Call {
  readonly telephone: string;
  readonly code: string;
}

export interface Line {
  readonly product: string;
  readonly quantity: number;
}

/** What the shop reads of a payment, in the API's words. */
export interface PaymentNews {
  readonly id: string;
  readonly version: number;
  readonly status: string;
  readonly amount: number;
  readonly currency: string;
  readonly amount_refunded: number;
  readonly links: { readonly pay: string };
  readonly next_actions?: readonly {
    readonly type: string;
    readonly telephone?: string;
    readonly payment_code?: string;
  }[];
}

/** How the payment can be paid by telephone. */
export function callOf({ next_actions: actions = [] }: PaymentNews): Call | null {
  const { telephone, payment_code: code } = actions.find(({ type }) => type === 'ivr_prompt') ?? {};
  return telephone === undefined || code === undefined ? null : { telephone, code };
}

/** What the shop reads of a refund. */
export interface RefundNews {
  readonly id: string;
  readonly status: string;
}

export type Standing = 'open' | 'processing' | 'paid' | 'refunded' | 'ended';

const ENDED = ['canceled', 'failed', 'expired'];

/** Where an order stands for the customer. */
export function standingOf({ status, amount, refunded }: Order): Standing {
  if (status === 'succeeded') return refunded >= amount ? 'refunded' : 'paid';
  if (status === 'processing' || status === 'requires_capture' || status === 'requires_review') return 'processing';
  return status !== null && ENDED.includes(status) ? 'ended' : 'open';
}

/** Whether something about its money is still to be heard. */
export function isAwaited(order: Order): boolean {
  const standing = standingOf(order);
  return order.payment !== null && (standing === 'open' || standing === 'processing');
}
