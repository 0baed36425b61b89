/** The way to telephones: the texts and calls that we begin. The provider behind it is somebody else's business. */
export interface Telephone {
  /** Has a text sent. Its words and its number name a person: they are kept by nobody here. */
  sendText(text: OutgoingText): Promise<Begun>;
  /** Has a call placed. What it is to say is fetched from `url` once somebody answers. */
  placeCall(call: OutgoingCall): Promise<Begun>;
  /**
   * What was sent to a number since then, newest first: after an answer that was lost, whether it was sent all the same.
   * @throws Error when the provider does not say
   */
  textsTo(to: string, since: number): Promise<readonly { readonly sid: string; readonly body: string }[]>;
  /**
   * The calls that we have placed to a number since then, whatever became of them: after a process that ended in between,
   * whether it rang all the same.
   * @throws Error when the provider does not say
   */
  callsTo(to: string, since: number): Promise<readonly { readonly sid: string }[]>;
}

/** What may be done with calls that are going on. */
export interface LiveCalls {
  /** Takes a call elsewhere, whatever it is doing: what it is to say is fetched from `url`. Asked twice, it goes there twice. */
  redirect(call: { readonly sid: string; readonly url: string; readonly deadline: number }): Promise<Begun>;
}

export interface OutgoingText {
  /** E.164. */
  readonly to: string;
  readonly body: string;
  /** Where the provider reports what becomes of it. */
  readonly statusUrl: string;
  /** How long it may wait on its way, in seconds, 1 to 36,000: as long as what it says is true. */
  readonly validForSeconds: number;
  /** Until when the caller waits, milliseconds since the epoch. */
  readonly deadline: number;
}

export interface OutgoingCall {
  /** E.164. */
  readonly to: string;
  readonly url: string;
  readonly statusUrl: string;
  /** How long it may ring, in seconds. */
  readonly ringSeconds: number;
  /** How long it may last at most, in seconds. */
  readonly lastsSeconds: number;
  readonly deadline: number;
}

/** What became of the asking. Only `taken` and the refusals are certain. */
export type Begun =
  | { readonly outcome: 'taken'; readonly sid: string }
  | { readonly outcome: 'refused'; readonly why: TelephoneRefusal; readonly code: number | null }
  /** Nothing was sent, and it may be tried again. */
  | { readonly outcome: 'not_sent'; readonly reason: string }
  /** It may have been sent. */
  | { readonly outcome: 'unknown'; readonly reason: string };

export type TelephoneRefusal =
  /** Whoever has the number does not want texts from ours. */
  | 'opted_out'
  /** No number, or none that can be reached this way. */
  | 'unreachable'
  /** Ours to mend: credentials, sender, permissions. */
  | 'configuration'
  | 'refused';

/** Whether a webhook was signed by the provider for this very address and these parameters, all of them. */
export interface SignedRequests {
  /** `pathAndQuery` as received; `parameters` of the form, unknown ones included; a repeated one is an array. */
  isSigned(
    pathAndQuery: string,
    signature: string | undefined,
    parameters: Readonly<Record<string, string | string[]>>,
  ): boolean;
}

/** `+336•••••678`: enough to recognise a number of one's own, too little to learn one. */
export function maskedNumber(number: string): string {
  return `${number.slice(0, 4)}${'•'.repeat(Math.max(number.length - 7, 1))}${number.slice(-3)}`;
}

/** A number as E.164 wants it. */
export const E164 = /^\+[1-9]\d{6,14}$/;
