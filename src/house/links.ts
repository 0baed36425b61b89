import type { Payer, PayerSession } from '../contracts/payer.js';
import type { Payment } from '../contracts/payment.js';
import type { Signing } from '../signing.js';

export type Links = ReturnType<typeof createLinks>;

/** The addresses of ours that others are given. */
export function createLinks(publicUrl: string, signing: Signing) {
  return {
    /** The payment's page; null until a payer may come. */
    pay: ({ id, generation }: Payment): string | null =>
      generation === null ? null : `${publicUrl}/pay/${signing.pageToken(id, generation)}`,
    /** A session of a payer's account. */
    account: ({ id }: Payer, session: PayerSession): string =>
      `${publicUrl}/account/${signing.accountToken(id, session.id)}`,
    /** Where the directory server sends the result of a payment's authentication. */
    results: (payment: string): string => `${publicUrl}/3ds/results/${payment}`,
    /** Where the issuer sends the browser back. */
    challengeReturn: ({ id: payment, generation }: Payment, authentication: string): string =>
      `${publicUrl}/3ds/return/${signing.returnCapability({ payment, authentication, generation: generation ?? 0 })}`,
  };
}
