import type { Clock } from '../../contracts/clock.js';
import type { Ids } from '../../contracts/ids.js';
import type { Log } from '../../contracts/log.js';

/** A number that the account owns, and where its calls and texts are told of. What is set over REST goes before. */
export interface OwnNumber {
  /** +33…, or a short code. */
  readonly phoneNumber: string;
  readonly voiceUrl?: string;
  readonly voiceFallbackUrl?: string;
  readonly smsUrl?: string;
  readonly smsFallbackUrl?: string;
  /** News of the end of incoming calls. */
  readonly statusCallback?: string;
  /** Who answers STOP, START and HELP; Twilio unless it is a short code. */
  readonly keywords?: 'twilio' | 'application';
}

/** A generic pay connector: where card data goes, and how it logs in. */
export interface PayConnector {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/** How fast the world behind the simulator is. Tests set it to nothing. */
export interface Pace {
  /** How long the voice takes for a character of text. */
  readonly msPerCharacter: number;
  /** A `Pause` is never longer than this. */
  readonly pauseMsMax: number;
  /** How long a telephone rings before it is answered by itself. */
  readonly ringMs: number;
  /** Between one status of a message and the next. */
  readonly messageMs: number;
}

export const PACE_OF_PEOPLE: Pace = {
  msPerCharacter: 60,
  pauseMsMax: Number.POSITIVE_INFINITY,
  ringMs: 1_500,
  messageMs: 350,
};
/** Nothing takes time but silence. */
export const PACE_OF_TESTS: Pace = { msPerCharacter: 0, pauseMsMax: 20, ringMs: 0, messageMs: 0 };

/**
 * Who answers a telephone that is called: somebody who presses a button (`rings`); a person or a machine at once; nobody;
 * or it is engaged.
 */
export type Callee = 'rings' | 'human' | 'machine' | 'busy' | 'no_answer';

export interface TwilioOptions {
  /** Made up unless given. */
  readonly accountSid?: string;
  readonly authToken?: string;
  readonly numbers: readonly OwnNumber[];
  /** Alphanumeric senders, which nobody can reply to. */
  readonly senders?: readonly string[];
  readonly connectors?: Readonly<Record<string, PayConnector>>;
  readonly pace?: Partial<Pace>;
  /** Who answers where nothing else is said of a number; `rings` unless given. */
  readonly callee?: Callee;
  /** What comes after the last failed try of a `Pay`: its action, or the next verb. Twilio documents both. */
  readonly afterFailedPay?: 'action' | 'next_verb';
  /** 0, which is any that is free, unless given. */
  readonly port?: number;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}
