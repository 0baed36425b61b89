import type { KeyedCard, KeyedCardRefusal, KeyedCards } from '../contracts/calls.js';
import type { FieldProblem } from '../contracts/channel.js';
import type { CallPorts } from './call_ports.js';
import { createGuards } from './guards.js';

const REFUSALS: Partial<Record<FieldProblem['field'], KeyedCardRefusal>> = {
  expiry: 'invalid_expiry_date',
  security_code: 'invalid_security_code',
};

/**
 * Cards keyed on a telephone. The provider hands one over at most six times under the name of its transaction, two of them
 * perhaps at once: the vault token is derived from that name, so all of them find the one record.
 */
export function createKeyedCards(ports: CallPorts): KeyedCards {
  const { engine, store, vault, signing, cards, clock } = ports;
  const guards = createGuards(ports);

  /** One more card for this payment; a retry is no more. */
  async function isAdmitted({ payment, call, transaction }: KeyedCard): Promise<boolean> {
    const now = clock.now();
    const isRetry = !(await store.guards.useOnce(`keyed:${signing.pseudonymOf(transaction)}`, now + DAY_MS, now));
    return isRetry ? guards.hasAdmittedCard(payment, call) : guards.admitsCard(payment, call);
  }

  /** One more try with this very card, once per transaction: what is handed over again was tried once. */
  async function isCardAdmitted({ transaction }: KeyedCard, merchant: string, fingerprint: string): Promise<boolean> {
    const now = clock.now();
    const key = `keyed-card:${signing.pseudonymOf(transaction)}`;
    const isFirst = await store.guards.useOnce(key, now + DAY_MS, now);
    return isFirst
      ? guards.admitsFingerprint(merchant, fingerprint)
      : guards.hasAdmittedFingerprint(merchant, fingerprint);
  }

  return {
    async keep(keyed) {
      const payment = await engine.load(keyed.payment);
      const open = payment === null ? null : ports.openPromptOf(payment, clock.now());
      if (payment === null || open?.id !== keyed.prompt || !ports.isTelephoneOrder(payment, null)) return CLOSED;
      if (!(await isAdmitted(keyed))) return TOO_MANY;
      const { number, expiryMonth, expiryYear, securityCode } = keyed;
      const fields = { number, expiry: `${expiryMonth}/${expiryYear}`, securityCode, brand: null };
      const checked = cards.checkCard(fields, clock.now());
      if ('problems' in checked) {
        const [worst] = checked.problems;
        return { refused: (worst && REFUSALS[worst.field]) ?? 'invalid_card_number' };
      }
      const token = signing.keyedCardToken(keyed.transaction);
      const { face } = await vault.keepCardAs(token, checked.card);
      const isCounted = payment.mode === 'live';
      if (isCounted && !(await isCardAdmitted(keyed, payment.merchant, face.fingerprint))) return TOO_MANY;
      return { pass: signing.keyedCardPass(token, { payment: payment.id, call: keyed.call }) };
    },
  };
}

const DAY_MS = 86_400_000;
const CLOSED = { refused: 'payment_closed' } as const;
const TOO_MANY = { refused: 'too_many_tries' } as const;
