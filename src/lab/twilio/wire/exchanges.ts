import { withoutCards } from '../masking.js';

/** What was asked for: a document of a call or a text, news of a status, a payment from a pay connector. */
export type ExchangeKind = 'voice' | 'sms' | 'status' | 'connector';

/** One request of the simulator's to the application, as it went over the wire, card data masked. */
export interface Exchange {
  readonly at: number;
  readonly kind: ExchangeKind;
  /** The call or message that it belongs to. */
  readonly about: string;
  readonly method: string;
  /** As it was signed. */
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  /** Null: it went unsigned. */
  readonly signature: string | null;
  readonly idempotencyToken: string | null;
  /** 1 for the first time, more for retries. */
  readonly attempt: number;
  /** Null: no answer came. */
  readonly status: number | null;
  readonly contentType: string | null;
  readonly answer: string;
  readonly ms: number;
}

export interface Exchanges {
  keep(exchange: Exchange): void;
  /** The oldest first. */
  list(): readonly Exchange[];
  about(sid: string): readonly Exchange[];
}

const KEPT_MAX = 1_000;

export function createExchanges(): Exchanges {
  const kept: Exchange[] = [];
  return {
    keep(exchange) {
      const params = Object.entries(exchange.params).map(([name, value]) => [name, withoutCards(value)]);
      const url = withoutCards(exchange.url);
      kept.push({ ...exchange, url, params: Object.fromEntries(params), answer: withoutCards(exchange.answer) });
      if (kept.length > KEPT_MAX) kept.shift();
    },
    list: () => [...kept],
    about: (sid) => kept.filter((exchange) => exchange.about === sid),
  };
}
