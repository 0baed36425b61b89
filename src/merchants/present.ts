import { rfc3339 } from '../contracts/clock.js';
import type { Merchant } from '../contracts/merchant.js';
import type { Mode } from '../contracts/payment.js';

/** The merchant as it sees itself with a key of `mode`: its profile, no key and no secret. */
export function presentMerchant(merchant: Merchant, mode: Mode): Record<string, unknown> {
  const { profile } = merchant;
  return {
    id: merchant.id,
    object: 'merchant',
    mode,
    status: merchant.status,
    display_name: profile.displayName,
    language: profile.language,
    sms_name: profile.smsName,
    spoken_name: profile.spokenName,
    statement_descriptor: profile.statementDescriptor,
    logo: profile.logo,
    accent_colour: profile.accentColour,
    support: profile.support,
    notification_email: profile.notificationEmail,
    currencies: profile.currencies,
    instruments: profile.instruments,
    channels: profile.channels,
    telephone: profile.telephone,
    return_origins: profile.returnOrigins,
    late_money: profile.lateMoney,
    telephone_orders: profile.telephoneOrders,
    sms_confirm_limit: profile.smsConfirmLimit,
    created_at: rfc3339(merchant.createdAt),
    updated_at: rfc3339(merchant.updatedAt),
  };
}
