import { isObject } from './requests.js';

/** One exchange as the lab shows it, card fields masked before anything is kept. */
export interface Exchange {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly request: unknown;
  /** Null: the connection was cut, or the answer is still held back. */
  readonly status: number | null;
  readonly answer: unknown;
}

export interface Exchanges {
  keep(exchange: Exchange): void;
  /** The latest first. */
  list(): readonly Exchange[];
}

const KEPT_MAX = 50;

export function createExchanges(): Exchanges {
  const kept: Exchange[] = [];
  return {
    keep(exchange) {
      kept.push({ ...exchange, request: masked(exchange.request), answer: masked(exchange.answer) });
      if (kept.length > KEPT_MAX) kept.shift();
    },
    list: () => kept.toReversed(),
  };
}

const NUMBERS = new Set(['number', 'acctNumber']);
const SECRETS = new Set(['security_code', 'value', 'authenticationValue', 'signature']);

/** The same message with card numbers cut to first six and last four, and security codes and cryptograms starred. */
function masked(message: unknown): unknown {
  if (!isObject(message)) return Array.isArray(message) ? message.map(masked) : message;
  return Object.fromEntries(
    Object.entries(message).map(([name, value]) => {
      if (typeof value !== 'string') return [name, masked(value)];
      if (NUMBERS.has(name) && /^\d+$/.test(value)) return [name, `${value.slice(0, 6)}…${value.slice(-4)}`];
      return [name, SECRETS.has(name) ? '***' : value];
    }),
  );
}
