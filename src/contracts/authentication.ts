import type { CardData } from './acquirer.js';
import type { Money } from './money.js';

/** Has the holder of a card authenticated by its issuer (EMV 3-D Secure 2.2, browser channel). Never throws. */
export interface Authenticator {
  readonly name: string;
  /** How long one call may take, in milliseconds. */
  readonly deadlineMs: number;
  /** Looks the card's range up, and asks the directory server once the device check is made or not needed. */
  authenticate(call: AuthenticateCall): Promise<AuthenticationAnswer>;
  /** The result of a challenge, should its message have been lost. */
  inquire(call: { authentication: string; deadline: number }): Promise<AuthenticationAnswer>;
  /** Reads a result message (RReq) from the directory server; null for what is not one or is not for us. */
  readResult(message: unknown): { authentication: string; answer: AuthenticationAnswer } | null;
}

export interface AuthenticateCall {
  /** Our identity of this authentication (`ath_…`), the same at every repeat. */
  readonly authentication: string;
  readonly card: CardData;
  readonly money: Money;
  readonly merchant: { readonly id: string; readonly name: string };
  readonly browser: BrowserData;
  /** threeDSCompInd of the device check; null when the browser has not been asked yet. */
  readonly deviceCheck: 'Y' | 'N' | 'U' | null;
  /** Where the directory server sends its result message. */
  readonly resultUrl: string;
  /** Where device check and challenge send the browser back. The issuer's side learns it: it leads nobody to the page. */
  readonly returnUrl: string;
  readonly deadline: number;
}

/** What EMV 3-D Secure wants to know of the payer's browser; nulls where scripts are off. */
export interface BrowserData {
  readonly acceptHeader: string;
  readonly userAgent: string;
  readonly ip: string | null;
  readonly language: string | null;
  readonly javascriptEnabled: boolean;
  readonly colorDepth: number | null;
  readonly screenHeight: number | null;
  readonly screenWidth: number | null;
  /** Minutes between UTC and the browser's time, as `getTimezoneOffset` answers. */
  readonly timezoneOffset: number | null;
}

export type AuthenticationAnswer =
  /** The browser must post `data` (threeDSMethodData) to `url` first, in a hidden frame, for at most 10 s. */
  | { readonly answer: 'device_check'; readonly url: string; readonly data: string }
  /** The browser must post `creq` to `url`. */
  | { readonly answer: 'challenge'; readonly url: string; readonly creq: string }
  | {
      readonly answer: 'final';
      /** transStatus: only `Y` and `A` are proof; `N` and `R` are refusals; `U`, `I`, `D` prove nothing. */
      readonly result: string;
      readonly eci: string | null;
      readonly value: string | null;
      readonly directoryServerTransaction: string | null;
      readonly version: string | null;
    }
  /** The challenge is not finished. */
  | { readonly answer: 'waiting' }
  | { readonly answer: 'unavailable'; readonly reason: string };
