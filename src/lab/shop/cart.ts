import { amountText } from '../../contracts/money.js';
import type { Line } from './order.js';
import { productOf } from './products.js';
import type { Language } from './words.js';

/** What somebody wants to buy. It lives in a cookie: the shop keeps nothing of who has not ordered. */
export interface Cart {
  /** Becomes one order at most. */
  readonly id: string;
  readonly lines: readonly Line[];
}

export const QUANTITY_MAX = 9;

/** Reads `id.honey-2_mug-1`; null for what is no cart of ours. */
export function readCart(text: string): Cart | null {
  const [id = '', list = ''] = text.slice(0, 300).split('.');
  if (!/^[\w-]{22}$/.test(id)) return null;
  const lines = list.split('_').flatMap((part) => {
    const [product = '', count = ''] = part.split('-');
    const isRight = productOf(product) !== undefined && /^[1-9]$/.test(count);
    return isRight ? [{ product, quantity: Number(count) }] : [];
  });
  return { id, lines: lines.filter(({ product }, at) => lines.findIndex((line) => line.product === product) === at) };
}

export function writeCart({ id, lines }: Cart): string {
  return `${id}.${lines.map(({ product, quantity }) => `${product}-${quantity}`).join('_')}`;
}

/** The cart with so many of a product; none of it for 0. */
export function withQuantity(cart: Cart, product: string, quantity: number): Cart {
  const bounded = Math.max(0, Math.min(QUANTITY_MAX, quantity));
  const isIn = cart.lines.some((line) => line.product === product);
  const lines = isIn ? cart.lines : [...cart.lines, { product, quantity: bounded }];
  const changed = lines.map((line) => (line.product === product ? { product, quantity: bounded } : line));
  return { id: cart.id, lines: changed.filter((line) => line.quantity > 0) };
}

export function quantityOf({ lines }: Pick<Cart, 'lines'>, product: string): number {
  return lines.find((line) => line.product === product)?.quantity ?? 0;
}

/** Minor units of EUR. */
export function totalOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { product, quantity }) => sum + (productOf(product)?.price ?? 0) * quantity, 0);
}

export function euros(amount: number, language: Language): string {
  return amountText({ amount, currency: 'EUR' }, language);
}

/** `2 × Lavender honey, Enamel mug`, as the payment page shows it. */
export function describe(lines: readonly Line[], language: Language): string {
  return lines
    .map(({ product, quantity }) => {
      const name = productOf(product)?.name[language] ?? product;
      return quantity > 1 ? `${quantity} × ${name}` : name;
    })
    .join(', ');
}
