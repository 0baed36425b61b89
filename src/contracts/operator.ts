import type { Mode } from './payment.js';

/** Who runs set-top boxes: shows payments of the merchants it was made for, and keeps the households that pay there. */
export interface Operator {
  /** `op_…` */
  readonly id: string;
  revision: number;
  readonly schema: 1;
  status: 'enabled' | 'disabled';
  name: string;
  /** Ids of the merchants whose payments its televisions may show. */
  merchants: readonly string[];
  secrets: OperatorSecret[];
  /** Raised when a secret has leaked: what televisions opened before is over. Absent before the first time. */
  generation?: number;
  /** True for the one of the first start in development. */
  readonly demo: boolean;
  readonly createdAt: number;
  updatedAt: number;
}

/** Whether the owner of a payer is a television operator, and not a merchant. */
export function isOperator(owner: string): boolean {
  return owner.startsWith('op_');
}

/** What an operator's middleware signs with: one per mode, two of them while one replaces the other. */
export interface OperatorSecret {
  readonly id: string;
  readonly mode: Mode;
  /** `whsec_…`, sealed by the vault. */
  readonly sealed: string;
  readonly createdAt: number;
  /** Null while it works. */
  readonly endsAt: number | null;
}

/** The key of one box that signs for itself, issued through its operator. */
export interface DeviceKey {
  /** `dvk_…` */
  readonly id: string;
  revision: number;
  readonly schema: 1;
  readonly operator: string;
  readonly mode: Mode;
  /** The box's name at its operator: a name, no credential. */
  readonly device: string;
  /** Counts the keys of the box from 1. Only the latest is good: no clock and no crash in between can leave two. */
  readonly sequence: number;
  /** The household that the operator bound the box to; null: none, and then it may name none. */
  readonly account: string | null;
  /** `whsec_…`, sealed by the vault. */
  readonly sealed: string;
  readonly createdAt: number;
  revokedAt: number | null;
}

/** Who has signed a request, once it is proven. */
export interface SignedBy {
  readonly operator: Operator;
  readonly mode: Mode;
  /** The box that signed for itself; null for the operator's own middleware, which may name any. */
  readonly deviceKey: DeviceKey | null;
}

/** A request whose signature is proven and whose message is used up, with what its body says. */
export interface SignedRequest {
  readonly by: SignedBy;
  /** The JSON of the body, whose shape nobody has checked yet; undefined for a request without one. */
  readonly body: unknown;
}

/**
 * Why a signed request is refused. `unsigned`: whatever is wrong with the signature, its age, or who is said to have signed;
 * the answer tells nobody which. `replayed`: its message was used before.
 */
export type SignatureRefusal = 'unsigned' | 'replayed';

/** A box that signs for itself names itself, and no household but the one it was bound to; a middleware may name any. */
export function mayName({ deviceKey }: SignedBy, device: string, account: string | null): boolean {
  if (deviceKey === null) return true;
  return deviceKey.device === device && (account === null || account === deviceKey.account);
}
