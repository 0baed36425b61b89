import type { DeviceKey, Operator } from '../contracts/operator.js';
import type { Mode } from '../contracts/payment.js';
import type { Vault } from '../contracts/vault.js';

/** What a sealed secret is bound to: it opens for its own operator, or box, only. */
export const secretPurpose = (operator: string): string => `operator_secret:${operator}`;
export const deviceKeyPurpose = (key: string): string => `device_key:${key}`;

/** A secret in clear, with the mode that it stands for. */
export interface OpenedSecret {
  readonly mode: Mode;
  readonly clear: string;
}

/** The secrets of an operator that work at `now`. Throws when one cannot be opened. */
export function openedSecretsOf(vault: Pick<Vault, 'unseal'>, operator: Operator, now: number): OpenedSecret[] {
  return operator.secrets
    .filter(({ endsAt }) => endsAt === null || now < endsAt)
    .map(({ mode, sealed }) => ({ mode, clear: vault.unseal(secretPurpose(operator.id), sealed) }));
}

/** The secret of a box. */
export function openedKeyOf(vault: Pick<Vault, 'unseal'>, { id, mode, sealed }: DeviceKey): OpenedSecret {
  return { mode, clear: vault.unseal(deviceKeyPurpose(id), sealed) };
}
