/** How often something may happen within a window; the window begins with the first time. */
export interface Limit {
  readonly most: number;
  readonly windowMs: number;
}

export interface Limits {
  /** Card forms handed in for one payment, by anybody, mistyped ones included. */
  readonly cardsPerPayment: Limit;
  /** The same from one network address. */
  readonly cardsPerCaller: Limit;
  /** Payments tried with one card at one merchant, live: slows the guessing of security codes over many payments. */
  readonly triesPerCard: Limit;
  /** Payment codes asked for from one network address. */
  readonly codesPerCaller: Limit;
  /** Unknown codes from everybody together; beyond it guessing is under way and `storm` applies. */
  readonly unknownCodes: Limit;
  readonly storm: {
    /** Codes one address may ask for in its window while it lasts. */
    readonly codesPerCaller: number;
    /** How much later every answer comes, right or wrong. */
    readonly delayMs: number;
  };
}

const TEN_MINUTES_MS = 600_000;
const DAY_MS = 86_400_000;

/**
 * A code has nine free digits. With ten thousand live codes a guess hits one in a hundred thousand, and shows what a link
 * shows: an amount and a merchant. A thousand unknown codes in ten minutes are far above the slips of honest people.
 */
export const LIMITS: Limits = {
  cardsPerPayment: { most: 40, windowMs: DAY_MS },
  cardsPerCaller: { most: 20, windowMs: TEN_MINUTES_MS },
  triesPerCard: { most: 20, windowMs: DAY_MS },
  codesPerCaller: { most: 10, windowMs: TEN_MINUTES_MS },
  unknownCodes: { most: 1_000, windowMs: TEN_MINUTES_MS },
  storm: { codesPerCaller: 3, delayMs: 2_000 },
};
