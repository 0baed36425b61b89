import type { Config } from '../config.js';
import type { Payment } from '../contracts/payment.js';
import type { LiveCalls, SignedRequests, Telephone } from '../contracts/telephone.js';
import type { TwilioSettings } from '../telephone_settings.js';
import { createTwilioTelephone } from '../twilio/rest.js';
import { createSignatures } from '../twilio/signature.js';
import type { Parts } from './parts.js';

/** The house's line to telephones. */
export interface Line {
  readonly telephone: Telephone & LiveCalls;
  readonly signed: SignedRequests;
  /** True where our texts cannot be answered: a name stands as their sender. */
  readonly isOneWay: boolean;
  /** True where the provider answers STOP, START and HELP by itself. */
  readonly providerAnswers: boolean;
}

/** The line of an account at the provider; null without one: then nobody is called or texted. */
export function openLine({ publicUrl }: Config, settings: TwilioSettings | null, { clock, log }: Parts): Line | null {
  if (settings === null) return null;
  const { authTokens, messagingFrom } = settings;
  const [authToken = ''] = authTokens;
  const isService = /^MG[0-9a-f]{32}$/.test(messagingFrom);
  return {
    telephone: createTwilioTelephone({ ...settings, authToken }, { clock, log }),
    signed: createSignatures({ authTokens, publicUrl }),
    isOneWay: !isService && /[A-Za-z]/.test(messagingFrom),
    providerAnswers: !/^\d{4,8}$/.test(messagingFrom),
  };
}

/** Where the payers of a payment call; nobody anywhere without an account at the provider. */
export function telephoneOf({ twilio }: Config): (payment: Payment) => string | null {
  return ({ terms }) => (twilio === null ? null : (terms.telephone ?? twilio.voiceFrom));
}

/** What `/readyz` names: nobody asks the provider how it is, so it is unknown. */
export function telephoneServices({ twilio }: Config): readonly { readonly name: string; readonly ok: null }[] {
  return twilio === null ? [] : [{ name: 'twilio', ok: null }];
}
