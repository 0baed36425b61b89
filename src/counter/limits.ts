/** How often something may happen within a window; the window begins with the first time. */
export interface Limit {
  readonly most: number;
  readonly windowMs: number;
}

/** What all have together, and what each of `STORM_PARTS` parts of them has when that is used up. */
export interface SharedLimit {
  readonly all: Limit;
  readonly ofPart: Limit;
}

/** Networks and areas fall into so many parts by chance. */
export const STORM_PARTS = 16;

export interface Limits {
  /** Card forms handed in for one payment, by anybody, mistyped ones included. */
  readonly cardsPerPayment: Limit;
  /** The same from one network address. */
  readonly cardsPerCaller: Limit;
  /** Payments tried with one card at one merchant, live: slows the guessing of security codes over many payments. */
  readonly triesPerCard: Limit;
  /** Payment codes that led nowhere from one network address or telephone number. */
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
  /** The same of one household, given on televisions, whose operator has said who sits there: the account's lock may be met. */
  readonly purchaseCodesPerHousehold: Limit;
  /** Purchase codes given on one television, for whatever payment and household. */
  readonly purchaseCodesPerBox: Limit;
  /** How often callers leave what another device has begun of one payment. */
  readonly leavingsPerPayment: Limit;
  /** Addresses that the receipt of one payment is mailed to. */
  readonly receiptsPerPayment: Limit;
  readonly storm: {
    /** Codes that led nowhere of one address or telephone while it lasts. */
    readonly codesPerCaller: Limit;
    /** The same of all addresses together, and of all telephones; and what each part of the world has for itself beside. */
    readonly codesOfPages: SharedLimit;
    readonly codesOfTelephones: SharedLimit;
    /** The same of all that withhold their number. */
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
 * 2 × (150 before the storm + 96 + 16 × 4 of pages + 64 + 16 × 2 of telephones + 22 of those that withhold their number) = 856.
 * 150 are far above the slips of honest people, of which the check digit stops nine in ten, and nearly all of single digits,
 * before they count. ADR 17 says what gives way beyond.
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
  unknownCodes: { most: 150, windowMs: HOUR_MS },
  sendingsPerCaller: { most: 20, windowMs: HOUR_MS },
  sendingsPerHour: { most: 5, windowMs: HOUR_MS },
  sendingsPerDay: { most: 10, windowMs: DAY_MS },
  sendingPause: { most: 1, windowMs: 30_000 },
  codeTriesPerAccount: { most: 20, windowMs: DAY_MS },
  purchaseCodesPerPayment: { most: 4, windowMs: PAYMENT_MS },
  purchaseCodesPerHousehold: { most: 6, windowMs: DAY_MS },
  purchaseCodesPerBox: { most: 20, windowMs: DAY_MS },
  leavingsPerPayment: { most: 2, windowMs: PAYMENT_MS },
  receiptsPerPayment: { most: 3, windowMs: 90 * DAY_MS },
  storm: {
    codesPerCaller: { most: 1, windowMs: HOUR_MS },
    codesOfPages: { all: { most: 96, windowMs: HOUR_MS }, ofPart: { most: 4, windowMs: HOUR_MS } },
    codesOfTelephones: { all: { most: 64, windowMs: HOUR_MS }, ofPart: { most: 2, windowMs: HOUR_MS } },
    codesOfWithheld: { most: 22, windowMs: HOUR_MS },
    delayMs: 2_000,
  },
};
