import twilio from 'twilio';
import type { SignedRequests } from '../contracts/telephone.js';

export interface SignaturePorts {
  /** The account's secrets: two while one takes the place of the other. */
  readonly authTokens: readonly string[];
  /** How the provider reaches us: what it signs begins with it, whatever a proxy has made of the request. */
  readonly publicUrl: string;
}

/**
 * Checks `X-Twilio-Signature`: HMAC-SHA1 with the account's secret over the address, up to the end of its query, and all
 * parameters of the form, sorted (twilio.com/docs/usage/security). It has no time in it: who takes the request must know
 * whether it was taken before.
 */
export function createSignatures({ authTokens, publicUrl }: SignaturePorts): SignedRequests {
  return {
    isSigned(pathAndQuery, signature, parameters) {
      if (signature === undefined || !pathAndQuery.startsWith('/')) return false;
      const url = `${publicUrl}${pathAndQuery}`;
      // Every secret is tried, so that how long it takes says nothing of which one was right.
      const answers = authTokens.map((token) => twilio.validateRequest(token, signature, url, { ...parameters }));
      return answers.includes(true);
    },
  };
}
