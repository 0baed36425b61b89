import type { Mail, MailKind } from '../../contracts/mail.js';
import type { Store } from '../../contracts/store.js';
import type { Occasion } from './occasion.js';

const DAY_MS = 86_400_000;
/** Of each sort, to one address in one mode. Honest payers get one or two of them. */
const PER_DAY_MAX = 20;

/**
 * What a payer may be sent without having paid: by whoever types an address, and by whoever changes an account. Counted
 * apart, so that links without end cannot hide that an account was changed. Money that moved is always told.
 */
const SORTS: Readonly<Partial<Record<MailKind, 'asked' | 'changed'>>> = {
  link: 'asked',
  account_link: 'asked',
  declined: 'asked',
  refused: 'asked',
  canceled: 'asked',
  expired: 'asked',
  card_saved: 'changed',
  card_removed: 'changed',
  purchase_code_set: 'changed',
  contact_changed: 'changed',
};

export interface CapPorts {
  readonly store: Pick<Store, 'guards'>;
  /** A keyed hash, so that an address can be counted where it is not kept. */
  pseudonym(text: string): string;
}

/** Counts a mail before its first try; false when its address was written to often enough. @throws StoreFailure */
export async function isWithinCap({ mail, to }: Occasion, now: number, ports: CapPorts): Promise<boolean> {
  const sort = sortOf(mail);
  if (sort === null || mail.tries > 0) return true;
  const key = `mail:${sort}:${mail.mode}:${ports.pseudonym(to.toLowerCase())}`;
  return (await ports.store.guards.raise(key, DAY_MS, now)).count <= PER_DAY_MAX;
}

function sortOf({ kind, audience, to }: Mail): 'asked' | 'changed' | null {
  if (audience === 'merchant') return null;
  // A receipt, to an address that somebody has typed.
  if (kind === 'paid' && to !== null) return 'asked';
  return SORTS[kind] ?? null;
}
