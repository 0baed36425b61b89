import type { AccountView, Counter, From, Taken } from '../contracts/channel.js';
import type { Reply } from '../contracts/engine.js';
import { type Payer, recordOf } from '../contracts/payer.js';
import type { Payment } from '../contracts/payment.js';
import type { CounterGuards } from './guards.js';
import { createIdentity, savedCardsOf } from './identity.js';
import type { CounterPorts } from './ports.js';

/** A payment as its page has found it. */
export interface Finding {
  find(token: string): Promise<Payment | null>;
  /** The payment, if `prompt` is what it asks now. */
  awaiting(token: string, prompt: string): Promise<Payment | null>;
  answer(payment: Payment, reply: Reply): Promise<Taken>;
}

export interface SavedCards extends Pick<Counter, 'sendCode' | 'takeCode' | 'takeSaved'> {
  /** The payment's account, if there is any; `isErased` for one that was forgotten. */
  accountOf(payment: Payment): Promise<{ payer: Payer | null; isErased: boolean } | null>;
  viewOf(payment: Payment, payer: Payer | null, device: string | null): AccountView;
}

const STALE: Taken = { taken: false, because: 'stale' };
const NO_CARDS: AccountView = { saved: 'none', cards: [] };

/** The cards that the payer's account keeps, on the page of a payment: for who has shown that the account is theirs. */
export function createSavedCards(ports: CounterPorts, guards: CounterGuards, finding: Finding): SavedCards {
  const { payers, store, clock } = ports;
  const identity = createIdentity(ports, guards);

  async function accountOf({ merchant: owner, mode, payer: { account } }: Payment) {
    if (account === null) return null;
    const payer = await payers.find({ owner, mode, account });
    return { payer, isErased: payer !== null && payer.erasedAt !== null };
  }

  function usableCards(payer: Payer) {
    return savedCardsOf(payer, clock.now()).filter(({ isExpired }) => !isExpired);
  }

  /** The account of a payment that still asks for a card. */
  async function asking(token: string): Promise<{ payment: Payment; payer: Payer } | null> {
    const payment = await finding.find(token);
    if (payment === null || !asksForCard(ports, payment)) return null;
    const payer = (await accountOf(payment))?.payer ?? null;
    return payer === null || usableCards(payer).length === 0 ? null : { payment, payer };
  }

  async function sendCode(token: string, from: From): Promise<Taken> {
    const asked = await asking(token);
    if (asked === null) return STALE;
    const { payment, payer } = asked;
    const merchant = await store.merchants.load(payment.merchant);
    const merchantName = merchant?.profile.displayName ?? payment.terms.merchantName;
    const language = from.language ?? payer.language ?? payment.payer.language;
    return identity.sendCode(payer, payment.id, from, { language, merchantName, mode: payment.mode });
  }

  async function takeSaved(token: string, prompt: string, instrument: string, from: From): Promise<Taken> {
    const payment = await finding.awaiting(token, prompt);
    const asked = payment === null ? null : await asking(token);
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

  return {
    accountOf,
    viewOf(payment, payer, device) {
      if (payer === null || payer.email === null || !asksForCard(ports, payment)) return NO_CARDS;
      const cards = usableCards(payer);
      if (cards.length === 0) return NO_CARDS;
      const saved = identity.stageOf(payer, payment.id, device);
      return { saved, cards: saved === 'open' ? cards : [] };
    },
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
