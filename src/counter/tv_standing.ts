import type { Operator } from '../contracts/operator.js';
import type { Operators } from '../contracts/store.js';
import type { TvSession } from '../contracts/television.js';

export interface StandingPorts {
  readonly store: { readonly operators: Pick<Operators, 'load'> };
  /** Whether the key of a box is its latest, and not revoked. */
  isDeviceKeyGood(id: string): Promise<boolean>;
}

/** What a television's right to show something hangs on. */
export type Opened = Pick<TvSession, 'operator' | 'deviceKey' | 'generation'>;

/** Whether this operator's televisions show anything of this merchant. */
export const serves = ({ status, merchants }: Operator, merchant: string): boolean =>
  status === 'enabled' && merchants.includes(merchant);

/**
 * The operator, while what opened the session still stands: the operator itself, for this merchant; no secret of it has leaked
 * since; the box's own key, where it signed for itself. Asked each time, for what is revoked ends at once.
 */
export async function standingOf(
  { store, isDeviceKeyGood }: StandingPorts,
  { operator: id, deviceKey = null, generation = 0 }: Opened,
  merchant: string,
): Promise<Operator | null> {
  const [operator, isSigned] = await Promise.all([
    store.operators.load(id),
    deviceKey === null || isDeviceKeyGood(deviceKey),
  ]);
  if (!isSigned || operator === null || (operator.generation ?? 0) !== generation) return null;
  return serves(operator, merchant) ? operator : null;
}
