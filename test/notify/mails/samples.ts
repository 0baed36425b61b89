import { createSay } from '../../../channels/catalogue/index.js';
import type { Mail, MailKind } from '../../../src/contracts/mail.js';
import type { Merchant } from '../../../src/contracts/merchant.js';
import type { AccountChange, Payer, PayerSession } from '../../../src/contracts/payer.js';
import type { Attempt, Payment } from '../../../src/contracts/payment.js';
import { totalsOf } from '../../../src/engine/ledger.js';
import type { Occasion } from '../../../src/notify/mails/occasion.js';
import { createWriter } from '../../../src/notify/mails/writer.js';
import {
  DAY_MS,
  SAMPLE_TIME,
  sampleAttempt,
  sampleFace,
  sampleInstrument,
  sampleMail,
  sampleMerchant,
  sampleOperation,
  samplePayer,
  samplePayment,
  sampleRefund,
} from '../../contract/samples.js';

/** Payments in every state that is told, as they look in the middle of an ordinary day. */

export const PAY_LINK = 'https://pay.example.org/pay/k1.tokentokentokentoken.1.abc';

export const writer = createWriter({
  say: createSay('mail'),
  operator: 'Caisse Centrale',
  payLink: () => PAY_LINK,
  accountLink: (payer, session) => `https://pay.example.org/account/${payer.id}.${session.id}`,
  sums: totalsOf,
});

export const lune: Merchant = sampleMerchant({
  id: 'mer_lune',
  profile: {
    ...sampleMerchant().profile,
    displayName: 'Lune & Fils',
    language: 'fr',
    statementDescriptor: 'LUNE ET FILS',
    accentColour: '#7a1f5c',
    support: { email: 'aide@lune.example', phone: '+33 1 23 45 67 89', url: 'https://lune.example/aide' },
    notificationEmail: 'ventes@lune.example',
  },
});

const terms: Payment['terms'] = {
  lateMoney: 'return',
  merchantName: 'Lune & Fils',
  statementDescriptor: 'LUNE ET FILS',
  attemptsMax: 5,
};

export function orderOf(change: Partial<Payment> = {}): Payment {
  return samplePayment({
    id: 'pay_01hq3sLuneEtFilsOrder1042',
    merchant: 'mer_lune',
    mode: 'live',
    reference: 'ORDER-1042',
    description: 'Two tickets for the evening, row seven',
    generation: 1,
    payer: { account: null, email: 'camille@example.org', phone: null, name: 'Camille', language: 'en' },
    terms,
    ...change,
  });
}

export function taken(change: Partial<Attempt> = {}): Attempt {
  return sampleAttempt({ id: 'att_taken', operations: [sampleOperation({ id: 'opn_taken' })], ...change });
}

export function held(): Attempt {
  const operations = [sampleOperation({ captured: false, variant: null })];
  return taken({ status: 'authorized', captureBefore: SAMPLE_TIME + 7 * DAY_MS, operations });
}

export function declined(code = 'insufficient_funds', advice = 'other_instrument'): Attempt {
  const decline = { code, acquirerCode: '51', advice } as Attempt['decline'];
  return taken({
    id: 'att_declined',
    status: 'declined',
    end: 'declined',
    decline,
    face: sampleFace({ brand: 'mastercard', last4: '9995' }),
    operations: [sampleOperation({ status: 'declined', decline, captured: false })],
  });
}

const refundOperation = sampleOperation({
  id: 'opn_back',
  type: 'refund',
  amount: 1_250,
  variant: null,
  serves: 'rfd_back',
  captured: false,
  settledAt: SAMPLE_TIME + DAY_MS,
});

function refunded(status: 'succeeded' | 'failed'): Partial<Payment> {
  const operation = status === 'succeeded' ? refundOperation : { ...refundOperation, status: 'declined' as const };
  return {
    status: 'succeeded',
    attempts: [taken({ operations: [sampleOperation({ id: 'opn_taken' }), operation] })],
    refunds: [
      sampleRefund({
        id: 'rfd_back',
        amount: 1_250,
        reason: 'One ticket came back',
        reference: 'RET-7',
        status,
        parts: [{ attempt: 'att_taken', operation: 'opn_back', amount: 1_250 }],
      }),
    ],
  };
}

/** The change of an ordinary order that makes each kind of mail true, and what the mail is about. */
export const STATES: Readonly<
  Record<Exclude<MailKind, 'account_link' | AccountChange>, [change: Partial<Payment>, about?: string]>
> = {
  paid: [{ status: 'succeeded', attempts: [declined(), taken()] }],
  reserved: [{ status: 'requires_capture', capture: 'manual', attempts: [held()] }],
  refused: [{ status: 'failed', attempts: [declined('stolen_card', 'stop')] }],
  canceled: [{ status: 'canceled', canceledBy: 'merchant', attempts: [declined()] }],
  expired: [{ status: 'expired', attempts: [declined()] }],
  declined: [{ attempts: [declined()] }, 'att_declined'],
  refunded: [refunded('succeeded'), 'rfd_back'],
  refund_failed: [refunded('failed'), 'rfd_back'],
  review: [
    {
      status: 'requires_review',
      review: { reason: 'late_money', detail: 'late_money', attempt: null, at: SAMPLE_TIME },
    },
  ],
  link: [
    { reaches: [{ id: 'rch_link', channel: 'email', to: 'camille@example.org', createdAt: SAMPLE_TIME }] },
    'rch_link',
  ],
};

export function occasionFor(
  kind: keyof typeof STATES,
  given: {
    readonly audience?: Mail['audience'];
    readonly payment?: Partial<Payment>;
    readonly merchant?: Merchant;
  } = {},
): Occasion & { payment: Payment } {
  const [change, about = null] = STATES[kind];
  const { audience = 'payer', merchant = lune } = given;
  const payment = orderOf({ ...change, ...given.payment });
  const { mode } = payment;
  const mail = sampleMail({ id: 'eml_1', merchant: merchant.id, mode, kind, audience, payment: payment.id, about });
  const to = audience === 'payer' ? 'camille@example.org' : 'ventes@lune.example';
  return { mail, to, merchant, payment, account: null };
}

export function sessionOf(purpose: PayerSession['purpose'], language: string): Occasion {
  const session: PayerSession = {
    ...{ id: 'pss_1', purpose, payment: null, returnUrl: null, language: null, reach: 'email' },
    createdAt: SAMPLE_TIME,
    expiresAt: SAMPLE_TIME + DAY_MS,
  };
  const payer: Payer = samplePayer({ id: 'pyr_1', language, sessions: [session], email: 'camille@example.org' });
  const mail = sampleMail({
    id: 'eml_2',
    kind: 'account_link',
    mode: 'live',
    payment: null,
    payer: payer.id,
    about: session.id,
  });
  return { mail, to: 'camille@example.org', merchant: lune, payment: null, account: { payer, session } };
}

/** The account of somebody who has one card, and what was changed in it. */
export function changeOf(kind: AccountChange, language: string, change: Partial<Mail> = {}): Occasion {
  const card = sampleInstrument({ id: 'ins_1', face: sampleFace({ brand: 'mastercard', last4: '9995' }) });
  const payer = samplePayer({ id: 'pyr_1', language, instruments: [card], email: 'camille@example.org' });
  const about = kind === 'card_saved' ? 'ins_1' : kind === 'card_removed' ? 'ins_0' : null;
  const of = { mode: 'live', payment: null, payer: payer.id } as const;
  const mail = sampleMail({ id: 'eml_4', kind, ...of, about, ...change });
  const to = mail.to ?? 'camille@example.org';
  return { mail, to, merchant: lune, payment: null, account: { payer, session: null } };
}
