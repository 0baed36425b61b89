import type { Merchant } from '../contracts/merchant.js';
import type { Payment } from '../contracts/payment.js';
import type { CounterPorts } from './ports.js';

/** The ways back to the merchant, signed; null where there is no address or it is on no registered origin any more. */
export interface WaysBack {
  readonly returnTo: string | null;
  readonly cancelTo: string | null;
}

export const NO_WAYS: WaysBack = { returnTo: null, cancelTo: null };

/**
 * The hint that goes with the payer: which payment, how it stands, and when. It is signed with the merchant's return
 * secret, and only a hint: the truth is the webhook or the API. Origins are checked again now, for they may have been
 * taken off the list since the payment was made.
 */
export function waysBack(ports: CounterPorts, payment: Payment, merchant: Merchant): WaysBack {
  const { signing, clock, isOnOrigin } = ports;
  const { id, reference, status, returnUrl, cancelUrl } = payment;
  const isRegistered = (address: string | null): address is string =>
    address !== null && isOnOrigin(address, merchant.profile.returnOrigins, merchant.demo);
  function signed(address: string | null, secret: string): string | null {
    if (!isRegistered(address)) return null;
    const ts = Math.floor(clock.now() / 1_000);
    const signature = signing.returnSignature(secret, { payment: id, reference, status, ts });
    const hint = new URLSearchParams({ payment: id, reference, status, ts: String(ts), signature });
    const url = new URL(address);
    // Put behind the merchant's own query as text: rewriting it would change how it is written.
    url.search = url.search === '' ? `?${hint}` : `${url.search}&${hint}`;
    return url.href;
  }

  if (![returnUrl, cancelUrl].some(isRegistered)) return NO_WAYS;
  const secret = openedSecret(ports, payment, merchant);
  if (secret === null) return NO_WAYS;
  return { returnTo: signed(returnUrl, secret), cancelTo: signed(cancelUrl ?? returnUrl, secret) };
}

/** Null, and a line in the log, when the vault cannot open it: the outcome is told without a way back. */
function openedSecret(ports: CounterPorts, { id }: Payment, merchant: Merchant): string | null {
  try {
    return ports.returnSecretOf(merchant);
  } catch (error) {
    ports.log.error('no way back could be signed', { payment: id, merchant: merchant.id, error });
    return null;
  }
}
