import type { Vault } from '../contracts/vault.js';
import type { AccountOf, PayerService } from './service.js';

const EXPIRES_IN_YEAR = 2034;
/** The telephone of the demo's customers. */
export const DEMO_PHONE = '+33612345678';

/**
 * The customer of the first start in development, at the demo merchant, and the household alike at the television operator:
 * account `demo`, a stored card ending in 4242, a telephone and the purchase code 1234. Whoever comes second, or breaks off
 * half-way and comes again, finds or completes it.
 */
export async function seedDemoPayer(
  payers: Pick<PayerService, 'find' | 'put' | 'storeInstrument' | 'setPurchaseCode'>,
  vault: Pick<Vault, 'keepCard'>,
  owner: string,
  now: number,
): Promise<void> {
  const demo: AccountOf = { owner, mode: 'test', account: 'demo' };
  const there = await payers.find(demo);
  if (there !== null && (there.purchaseCode !== null || there.erasedAt !== null)) return;
  await payers.put(demo, { email: 'demo@shop.example', phone: DEMO_PHONE, name: 'Camille Martin', language: 'fr' });
  if (there === null || there.instruments.length === 0) {
    const { token, face } = await vault.keepCard({
      number: '4242424242424242',
      expiryMonth: 12,
      expiryYear: EXPIRES_IN_YEAR,
      securityCode: null,
      brand: 'visa',
    });
    await payers.storeInstrument(demo, {
      token,
      face,
      authenticated: true,
      consent: { words: 'Demo card, stored at first start.', at: now },
    });
  }
  // The code comes last: it says that the rest is done.
  await payers.setPurchaseCode(demo, '1234');
}
