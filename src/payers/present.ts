import { rfc3339 } from '../contracts/clock.js';
import { maskedAddress } from '../contracts/mail.js';
import { isOperator } from '../contracts/operator.js';
import type { Payer, PayerSession, StoredInstrument } from '../contracts/payer.js';

/** A payer as their merchant, or a household as its operator, sees them. A purchase code is only ever said to be set. */
export function presentPayer(payer: Payer): Record<string, unknown> {
  const { smsConsent, erasedAt } = payer;
  return {
    id: payer.id,
    object: 'payer',
    mode: payer.mode,
    ...(isOperator(payer.owner) ? { operator: payer.owner } : { merchant: payer.owner }),
    account: payer.account,
    email: payer.email,
    phone: payer.phone,
    name: payer.name,
    language: payer.language,
    sms_consent: smsConsent === null ? null : { given: smsConsent.given, at: rfc3339(smsConsent.at) },
    instruments: payer.instruments.map((instrument) => presentInstrument(instrument, payer.defaultInstrument)),
    default_instrument: payer.defaultInstrument,
    purchase_code_set: payer.purchaseCode !== null,
    erased_at: erasedAt === null ? null : rfc3339(erasedAt),
    created_at: rfc3339(payer.createdAt),
    updated_at: rfc3339(payer.updatedAt),
  };
}

/** A stored instrument; `token` is what `pay_with` names. */
export function presentInstrument(stored: StoredInstrument, byDefault: string | null): Record<string, unknown> {
  const { id, token, instrument, face, authenticated, createdAt } = stored;
  return {
    id,
    object: 'instrument',
    token,
    instrument,
    default: id === byDefault,
    card: { brand: face.brand, bin: face.bin, last4: face.last4, exp_month: face.expMonth, exp_year: face.expYear },
    authenticated,
    created_at: rfc3339(createdAt),
  };
}

/** A session; its link is told once and kept nowhere. */
export function presentSession(
  { mode, email }: Pick<Payer, 'mode' | 'email'>,
  { id, purpose, payment, reach, expiresAt }: PayerSession,
  url: string | null,
): Record<string, unknown> {
  const sent = { channel: reach, to_masked: email === null ? null : maskedAddress(email), status: 'queued' };
  return {
    id,
    object: 'payer_session',
    mode,
    purpose,
    payment,
    url,
    expires_at: rfc3339(expiresAt),
    reach: reach === null ? null : sent,
  };
}
