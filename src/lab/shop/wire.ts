import type { Clock } from '../../contracts/clock.js';
import type { Database } from '../../store/sqlite/database.js';
import type { Verdict } from './integration.js';

/** One exchange of the shop with Guichet, as it went over the wire. No card was ever in one: the shop sees none. */
export type ShopExchange = Call | Heard;

/** What the shop asked. */
export interface Call {
  readonly kind: 'call';
  readonly at: number;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Null when no answer came. */
  readonly status: number | null;
  readonly answer: string;
}

/** What the shop was told. */
export interface Heard {
  readonly kind: 'webhook';
  readonly at: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly verdict: Verdict;
  readonly status: number;
}

export interface Wire {
  keep(exchange: ShopExchange): void;
  /** Those about a payment, oldest first. */
  about(payment: string): ShopExchange[];
  /** `fetch`, with what was said kept for the lab. */
  readonly fetch: typeof fetch;
}

const KEPT_MAX = 400;
const TEXT_MAX = 16_384;
/** Shown once and never again: not even here. */
const SECRET = /"secret":"[^"]*"/g;

export function createWire(database: Database, clock: Clock): Wire {
  const inserting = database.prepare('INSERT INTO wire (payment, document) VALUES (?, ?)');
  const trimming = database.prepare(
    `DELETE FROM wire WHERE position <= (SELECT max(position) FROM wire) - ${KEPT_MAX}`,
  );
  const ofPayment = database.prepare('SELECT document FROM wire WHERE payment = ? ORDER BY position');

  function keep(exchange: ShopExchange): void {
    inserting.run(paymentOf(exchange), JSON.stringify(exchange));
    trimming.run();
  }

  return {
    keep,
    about: (payment) =>
      ofPayment.all(payment).map((row) => JSON.parse((row as { document: string }).document) as ShopExchange),
    async fetch(input, init = {}) {
      const call = {
        kind: 'call',
        at: clock.now(),
        method: init.method ?? 'GET',
        url: String(input),
        headers: Object.fromEntries(new Headers(init.headers)),
        body: typeof init.body === 'string' ? init.body : null,
      } as const;
      try {
        const response = await fetch(input, init);
        const answer = (await response.clone().text()).replace(SECRET, '"secret":"***"').slice(0, TEXT_MAX);
        keep({ ...call, status: response.status, answer });
        return response;
      } catch (error) {
        keep({ ...call, status: null, answer: error instanceof Error ? error.message : '' });
        throw error;
      }
    },
  };
}

/** The first payment that an exchange names. */
function paymentOf(exchange: ShopExchange): string | null {
  const text = exchange.kind === 'webhook' ? exchange.body : `${exchange.url} ${exchange.answer}`;
  return /\bpay_[\w-]{10,60}/.exec(text)?.[0] ?? null;
}
