import type { AccountDesk, Counter } from '../../src/contracts/channel.js';
import type { Log } from '../../src/contracts/log.js';
import type { Say } from './language.js';

/** All that the payment page is given. It keeps nothing between two requests but how many streams are open. */
export interface WebPorts {
  readonly counter: Counter;
  readonly account: AccountDesk;
  /** The catalogue's wordings for a page. */
  readonly say: Say;
  readonly signing: {
    /** A keyed hash of the device's cookie: the only form in which anything behind the page knows a device. */
    deviceHash(cookie: string): string;
    /** The nonce of the form that answers `prompt` on this page and device. */
    formNonce(form: FormIdentity): string;
    isFormNonce(form: FormIdentity, nonce: string): boolean;
  };
  /** A fresh random value of 128 bits, base64url. */
  newToken(): string;
  /** The brands that a card number, or its first eight digits, may be charged under; the merchant's default first. */
  brandsOf(number: string): readonly string[];
  /** Milliseconds since the epoch. */
  now(): number;
  /** How the world reaches us: decides the cookie's name and what counts as our own origin. */
  readonly publicUrl: string;
  readonly log: Log;
  /** Aborted when the process is asked to stop: open streams end, so that nobody waits for them. */
  readonly closing?: AbortSignal;
}

export interface FormIdentity {
  readonly token: string;
  readonly prompt: string;
  readonly device: string;
}
