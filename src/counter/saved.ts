import type { AccountView, Counter, From, Taken } from '../contracts/channel.js';
import type { Reply } from '../contracts/engine.js';
import type { Operator } from '../contracts/operator.js';
import { type Payer, recordOf } from '../contracts/payer.js';
import type { Payment } from '../contracts/payment.js';
import type { Found } from './finding.js';
import type { CounterGuards } from './guards.js';
import { createIdentity, savedCardsOf } from './identity.js';
import type { CounterPorts } from './ports.js';
import { purchaseCodeProblem } from './purchase_code_rules.js';
import { standingOf } from './tv_standing.js';

/** A payment as its page has found it. */
export interface Finding {
  find(token: string): Promise<Found | null>;
  /** The payment, if `prompt` is what it asks now. */
  awaiting(token: string, prompt: string): Promise<Found | null>;
  answer(payment: Payment, reply: Reply): Promise<Taken>;
}

/** Whose stored cards the page is about: the payer's at the merchant, or the household's whose television leads here. */
interface Account {
  readonly payer: Payer | null;
  readonly operator: Operator | null;
}

export interface SavedCards extends Pick<Counter, 'sendCode' | 'takeCode' | 'takeSaved' | 'setPurchaseCode'> {
  /** The payment's account at its merchant, if there is any; `isErased` for one that was forgotten. */
  accountOf(payment: Payment): Promise<{ payer: Payer | null; isErased: boolean } | null>;
  /** What this device may see of stored cards; null where there is no account. */
  viewOf(found: Found, device: string | null): Promise<AccountView | null>;
}

const STALE: Taken = { taken: false, because: 'stale' };

/** The cards that the payer's account keeps, on the page of a payment: for who has shown that the account is theirs. */
export function createSavedCards(ports: CounterPorts, guards: CounterGuards, finding: Finding): SavedCards {
  const { payers, store, clock } = ports;
  const identity = createIdentity(ports, guards);

  async function accountOf({ merchant: owner, mode, payer: { account } }: Payment) {
    if (account === null) return null;
    const payer = await payers.find({ owner, mode, account });
    return { payer, isErased: payer !== null && payer.erasedAt !== null };
  }

  /** The household comes before the merchant's account: its cards are what the television was about. */
  async function keeperOf({ payment, television }: Found): Promise<Account | null> {
    if (television !== null && television.account !== null) {
      const { operator: owner, mode, account } = television;
      const [payer, operator] = await Promise.all([
        payers.find({ owner, mode, account }),
        standingOf(ports, television, payment.merchant),
      ]);
      if (payer !== null && payer.erasedAt === null && operator !== null) return { payer, operator };
    }
    const account = await accountOf(payment);
    return account === null || account.isErased ? null : { payer: account.payer, operator: null };
  }

  function usableCards(payer: Payer) {
    return savedCardsOf(payer, clock.now()).filter(({ isExpired }) => !isExpired);
  }

  /** The account of a payment that still asks for a card. */
  async function asking(token: string): Promise<{ payment: Payment; payer: Payer; operator: Operator | null } | null> {
    const found = await finding.find(token);
    if (found === null || !asksForCard(ports, found.payment)) return null;
    const keeper = await keeperOf(found);
    if (keeper === null || keeper.payer === null || usableCards(keeper.payer).length === 0) return null;
    return { payment: found.payment, payer: keeper.payer, operator: keeper.operator };
  }

  async function sendCode(token: string, from: From): Promise<Taken> {
    const asked = await asking(token);
    if (asked === null) return STALE;
    const { payment, payer, operator } = asked;
    const merchant = operator === null ? await store.merchants.load(payment.merchant) : null;
    const merchantName = operator?.name ?? merchant?.profile.displayName ?? payment.terms.merchantName;
    const language = from.language ?? payer.language ?? payment.payer.language;
    return identity.sendCode(payer, payment.id, from, { language, merchantName, mode: payment.mode });
  }

  async function takeSaved(token: string, prompt: string, instrument: string, from: From): Promise<Taken> {
    const asked = (await finding.awaiting(token, prompt)) === null ? null : await asking(token);
    if (asked === null) return STALE;
    const { payer } = asked;
    if (identity.stageOf(payer, asked.payment.id, from.device) !== 'open') return STALE;
    const isUsable = usableCards(payer).some(({ id }) => id === instrument);
    const stored = payer.instruments.find(({ id }) => id === instrument);
    if (stored === undefined || !isUsable) {
      return { taken: false, because: 'invalid', problems: [{ field: 'saved', message: 'saved.choose_one' }] };
    }
    if (!(await guards.admitsCard(asked.payment.id, from.address))) return { taken: false, because: 'too_many' };
    const { channel, device, browser } = from;
    const { face } = stored;
    return finding.answer(asked.payment, {
      type: 'card',
      prompt,
      channel,
      device,
      browser,
      token: recordOf(stored),
      face,
      stored: true,
      proof: null,
    });
  }

  async function setPurchaseCode(token: string, code: string, again: string, from: From): Promise<Taken> {
    const asked = await asking(token);
    if (asked === null || asked.operator === null) return STALE;
    const { payer, payment } = asked;
    if (identity.stageOf(payer, payment.id, from.device) !== 'open') return STALE;
    const problem = purchaseCodeProblem(payer, code, again, clock.now());
    if (problem !== null) return { taken: false, because: 'invalid', problems: [problem] };
    await payers.setPurchaseCode(payer, code);
    return { taken: true };
  }

  return {
    accountOf,
    async viewOf(found, device) {
      const keeper = await keeperOf(found);
      if (keeper === null) return null;
      const { payer, operator } = keeper;
      const { payment } = found;
      const takesNew = operator === null || (await accountOf(payment))?.isErased === false;
      const household = operator === null ? null : { operator: operator.name, hasPurchaseCode: null };
      const none = { saved: 'none', cards: [], takesNew, household } as const;
      if (payer === null || payer.email === null || !asksForCard(ports, payment)) return none;
      const cards = usableCards(payer);
      if (cards.length === 0) return none;
      const saved = identity.stageOf(payer, payment.id, device);
      if (saved !== 'open') return { ...none, saved };
      const known = household && { ...household, hasPurchaseCode: payer.purchaseCode !== null };
      return { saved, cards, takesNew, household: known };
    },
    setPurchaseCode,
    sendCode,
    async takeCode(token, code, from) {
      const asked = await asking(token);
      return asked === null ? STALE : identity.takeCode(asked.payer, asked.payment.id, code, from);
    },
    takeSaved,
  };
}

/** Whether a card is what the payment asks for now. A stored one is nothing to store again. */
function asksForCard({ openPromptOf, clock }: CounterPorts, payment: Payment): boolean {
  const open = payment.amount === 0 ? null : openPromptOf(payment, clock.now());
  if (open === null) return false;
  const { prompt } = open;
  return prompt.kind === 'card'
    ? prompt.ask === 'all'
    : prompt.kind === 'choose' && prompt.options.some(({ value }) => value === 'card');
}
