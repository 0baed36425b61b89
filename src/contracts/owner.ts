import type { Merchant } from './merchant.js';
import { isOperator, type Operator } from './operator.js';
import type { Merchants, Operators } from './store.js';

/** Whose an account is: a merchant's, or a television operator's. One of the two is null. */
export interface AccountOwner {
  readonly merchant: Merchant | null;
  readonly operator: Operator | null;
}

export interface OwnerStore {
  readonly merchants: Pick<Merchants, 'load'>;
  readonly operators: Pick<Operators, 'load'>;
}

/** Null for nobody we know. */
export async function ownerOf({ merchants, operators }: OwnerStore, id: string): Promise<AccountOwner | null> {
  if (isOperator(id)) {
    const operator = await operators.load(id);
    return operator === null ? null : { merchant: null, operator };
  }
  const merchant = await merchants.load(id);
  return merchant === null ? null : { merchant, operator: null };
}

/** As its payers know it. */
export function nameOf(owner: AccountOwner | null): string {
  return owner?.merchant?.profile.displayName ?? owner?.operator?.name ?? '';
}
