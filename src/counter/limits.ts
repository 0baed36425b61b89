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
  /** Codes that led nowhere from all telephones together that withhold their number. */
  readonly codesOfWithheld: Limit;
  /** Payment codes from the televisions of one operator, and from one box; those that lead somewhere do not count. */
  readonly codesPerOperator: Limit;
  readonly codesPerBox: Limit;
  /** Codes that led nowhere from everybody together; beyond it guessing is under way and `storm` applies. */
  readonly unknownCodes: Limit;
  /** One-time codes sent on behalf of one network address. */
  readonly sendingsPerCaller: Limit;
  /** One-time codes sent to one account, and to one e-mail address. */
  readonly sendingsPerHour: Limit;
  readonly sendingsPerDay: Limit;
  /** Between two codes for one account. */
  readonly sendingPause: Limit;
  /** One-time codes tried for one account, right or wrong, from anywhere. */
  readonly codeTriesPerAccount: Limit;
  /** Purchase codes keyed for one payment, right or wrong: the account counts its own errors beside. */
  readonly purchaseCodesPerPayment: Limit;
  /** The same given on televisions, whose operator has said which household sits there: the account's lock may be met. */
  readonly purchaseCodesPerPaymentOnTelevision: Limit;
  /** Purchase codes given on one television, for whatever payment and household. */
  readonly purchaseCodesPerBox: Limit;
  /** How often callers leave what another device has begun of one payment. */
  readonly leavingsPerPayment: Limit;
  /** Addresses that the receipt of one payment is mailed to. */
  readonly receiptsPerPayment: Limit;
  readonly storm: {
    /** Codes one address or telephone may ask for while it lasts, beside its other bound; and all that withhold their number. */
    readonly codesPerCaller: Limit;
    readonly codesOfWithheld: Limit;
    /** How much later every answer comes, right or wrong. */
    readonly delayMs: number;
  };
}

const TEN_MINUTES_MS = 600_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** No payment waits longer for its payer. */
const PAYMENT_MS = 92 * DAY_MS;

/**
 * A payment code has nine free digits of which the first is no zero: 900 million. That one given payment is found may happen
 * within an hour with a probability of 2^-20, so that at most 858 codes that lead nowhere may be looked up in any hour, by
 * page, telephone and television together. A window begins with its first code, so that an hour may see two of them:
 * 2 × (381 + 30) = 822 from all that cannot be told apart, and 2 × 3 more for each further address or number that takes part
 * in a storm (ADR 17 says what those are worth). 380 are far above the slips of honest people, of which the check digit
 * stops nine in ten, and nearly all of single digits, before they count.
 *
 * Telephones that withhold their number cannot be told apart, so they share one bound. Codes that lead somewhere are taken
 * off again: a hundred that are left are far more than honest people make.
 *
 * A one-time code has six digits: twenty tries a day in a million hit one account in fifty thousand, however many codes,
 * devices and networks they come from.
 *
 * A purchase code locks at its fifth error, for minutes and then longer. A bill gives four for as long as it may be paid, so
 * that nobody locks an account with one bill of its payer. Who holds several meets the account's own count, whose pauses
 * double: one more, by the day, would bound nothing else, and would close the telephone to the holder for a stranger's errors.
 */
export const LIMITS: Limits = {
  cardsPerPayment: { most: 40, windowMs: DAY_MS },
  cardsPerCaller: { most: 20, windowMs: TEN_MINUTES_MS },
  triesPerCard: { most: 20, windowMs: DAY_MS },
  codesPerCaller: { most: 10, windowMs: TEN_MINUTES_MS },
  codesOfWithheld: { most: 100, windowMs: TEN_MINUTES_MS },
  codesPerOperator: { most: 100, windowMs: TEN_MINUTES_MS },
  codesPerBox: { most: 5, windowMs: TEN_MINUTES_MS },
  unknownCodes: { most: 380, windowMs: HOUR_MS },
  sendingsPerCaller: { most: 20, windowMs: HOUR_MS },
  sendingsPerHour: { most: 5, windowMs: HOUR_MS },
  sendingsPerDay: { most: 10, windowMs: DAY_MS },
  sendingPause: { most: 1, windowMs: 30_000 },
  codeTriesPerAccount: { most: 20, windowMs: DAY_MS },
  purchaseCodesPerPayment: { most: 4, windowMs: PAYMENT_MS },
  purchaseCodesPerPaymentOnTelevision: { most: 6, windowMs: DAY_MS },
  purchaseCodesPerBox: { most: 20, windowMs: DAY_MS },
  leavingsPerPayment: { most: 2, windowMs: PAYMENT_MS },
  receiptsPerPayment: { most: 3, windowMs: 90 * DAY_MS },
  storm: {
    codesPerCaller: { most: 3, windowMs: HOUR_MS },
    codesOfWithheld: { most: 30, windowMs: HOUR_MS },
    delayMs: 2_000,
  },
};
