import { createCodeGuards } from './code_guards.js';
import { LIMITS, type Limit, type Limits } from './limits.js';
import { networkOf } from './networks.js';
import type { GuardPorts } from './ports.js';

interface PurchaseCodeAtBox {
  readonly payment: string;
  /** The account of the household that the operator named. */
  readonly payer: string;
  readonly box: string;
}

/** Counts in the store before anything is checked. A store that cannot count throws, and nothing is let through. */
export function createGuards({ store, signing, clock, limits }: GuardPorts) {
  const most: Limits = { ...LIMITS, ...limits };
  const { cardsPerPayment, cardsPerCaller, triesPerCard } = most;
  const { guards } = store;

  async function raise(key: string, { windowMs }: Limit): Promise<number> {
    return (await guards.raise(key, windowMs, clock.now())).count;
  }

  async function isWithin(key: string, limit: Limit): Promise<boolean> {
    return (await raise(key, limit)) <= limit.most;
  }

  const callerOf = (address: string): string => signing.pseudonymOf(networkOf(address));
  const leavingsOf = (payment: string): Promise<number> => guards.read(`leaving:${payment}`, clock.now());
  const mailboxOf = (email: string): string => signing.pseudonymOf(email.toLowerCase());

  return {
    /** One more card form for this payment; false when there were too many. */
    async admitsCard(payment: string, address: string): Promise<boolean> {
      const both = await Promise.all([
        isWithin(`card:${payment}`, cardsPerPayment),
        isWithin(`card:${payment}:${callerOf(address)}`, cardsPerCaller),
      ]);
      return both.every(Boolean);
    },

    /** Whether the last card form that was counted was admitted, for one that comes a second time. */
    async hasAdmittedCard(payment: string, address: string): Promise<boolean> {
      const [ofPayment, ofCaller] = await Promise.all([
        guards.read(`card:${payment}`, clock.now()),
        guards.read(`card:${payment}:${callerOf(address)}`, clock.now()),
      ]);
      return ofPayment <= cardsPerPayment.most && ofCaller <= cardsPerCaller.most;
    },

    /** One more try with this very card at this merchant. */
    admitsFingerprint: (merchant: string, fingerprint: string): Promise<boolean> =>
      isWithin(`fingerprint:${merchant}:${fingerprint}`, triesPerCard),

    /** The same for a try that comes a second time. */
    async hasAdmittedFingerprint(merchant: string, fingerprint: string): Promise<boolean> {
      return (await guards.read(`fingerprint:${merchant}:${fingerprint}`, clock.now())) <= triesPerCard.most;
    },

    ...createCodeGuards({ guards, clock, limits: most, pseudonymOf: signing.pseudonymOf }),

    /** One more purchase code for this payment, keyed by whoever. */
    admitsPurchaseCode: (payment: string): Promise<boolean> =>
      isWithin(`purchase-code:${payment}`, most.purchaseCodesPerPayment),

    /**
     * The same of one household from a television, which is counted too: whoever holds its remote tries no household after
     * the other. What another household does on this payment is nothing to this one.
     */
    async admitsPurchaseCodeAt({ payment, payer, box }: PurchaseCodeAtBox): Promise<boolean> {
      const isFewOfBox = await isWithin(`purchase-code:box:${signing.pseudonymOf(box)}`, most.purchaseCodesPerBox);
      return isFewOfBox && (await isWithin(`purchase-code:tv:${payment}:${payer}`, most.purchaseCodesPerHousehold));
    },

    /** A right one costs its television nothing. */
    purchaseCodeWasRightAt: (box: string): Promise<void> =>
      guards.lower(`purchase-code:box:${signing.pseudonymOf(box)}`, clock.now()),

    /** One more time that a caller leaves what another device has begun of this payment; the next two count nothing. */
    admitsLeaving: (payment: string): Promise<boolean> => isWithin(`leaving:${payment}`, most.leavingsPerPayment),
    hasAdmittedLeaving: async (payment: string): Promise<boolean> =>
      (await leavingsOf(payment)) <= most.leavingsPerPayment.most,
    leavesRoomForLeaving: async (payment: string): Promise<boolean> =>
      (await leavingsOf(payment)) < most.leavingsPerPayment.most,

    /**
     * One more one-time code to this account and address. The caller is counted first, so that who asks too often uses up
     * nothing of the account's; `paused` when the one before was only just sent.
     */
    async admitsSending(payer: string, email: string, address: string): Promise<'yes' | 'paused' | 'no'> {
      if (!(await isWithin(`sending:caller:${callerOf(address)}`, most.sendingsPerCaller))) return 'no';
      if (!(await isWithin(`sending:pause:${payer}`, most.sendingPause))) return 'paused';
      const mailbox = mailboxOf(email);
      // The hour before the day: who asks in vain within an hour uses up nothing of the day.
      for (const of of [payer, mailbox]) if (!(await isWithin(`sending:hour:${of}`, most.sendingsPerHour))) return 'no';
      for (const of of [payer, mailbox]) if (!(await isWithin(`sending:day:${of}`, most.sendingsPerDay))) return 'no';
      return 'yes';
    },

    /** The code did not leave: it counts neither for the account nor for its mailbox, and the next one need not wait. */
    async sendingFailed(payer: string, email: string): Promise<void> {
      const now = clock.now();
      for (const of of [payer, mailboxOf(email)]) {
        await Promise.all([guards.lower(`sending:hour:${of}`, now), guards.lower(`sending:day:${of}`, now)]);
      }
      await guards.clear(`sending:pause:${payer}`);
    },

    /** One more try with a one-time code of this account, before it is compared. */
    admitsCodeTry: (payer: string): Promise<boolean> => isWithin(`code-try:${payer}`, most.codeTriesPerAccount),

    admitsReceipt: (payment: string): Promise<boolean> => isWithin(`receipt:${payment}`, most.receiptsPerPayment),

    /** How often the receipt of the payment was asked for. */
    receiptsOf: (payment: string): Promise<number> => guards.read(`receipt:${payment}`, clock.now()),
  };
}

export type CounterGuards = ReturnType<typeof createGuards>;
