import type { Instrument } from './flow.js';
import type { ChannelName, Mode } from './payment.js';

/** Who is paid. The profile is shared by both modes; keys belong to one. */
export interface Merchant {
  readonly id: string;
  revision: number;
  readonly schema: 1;
  status: 'enabled' | 'disabled';
  profile: MerchantProfile;
  keys: ApiKey[];
  /** Sealed return secret, for the hint on the way back to the shop. */
  returnSecret: string;
  /** True for the objects of the first start in development: their addresses may be on loopback. */
  readonly demo: boolean;
  readonly createdAt: number;
  updatedAt: number;
}

export interface ApiKey {
  readonly id: string;
  readonly mode: Mode;
  /** SHA-256 of the whole key, hex: keys are random, so no slow hash is needed. */
  readonly hash: string;
  readonly createdAt: number;
  /** Null while it works. */
  readonly endsAt: number | null;
}

export interface MerchantProfile {
  readonly displayName: string;
  /** In which the merchant is written to. */
  readonly language: 'en' | 'fr';
  readonly smsName: string | null;
  readonly spokenName: { readonly fr: string | null; readonly en: string | null };
  readonly statementDescriptor: string | null;
  readonly logo: string | null;
  readonly accentColour: string | null;
  readonly support: { readonly email: string | null; readonly phone: string | null; readonly url: string | null };
  readonly notificationEmail: string | null;
  readonly currencies: readonly string[];
  readonly instruments: readonly Instrument[];
  readonly channels: readonly ChannelName[];
  readonly telephone: string | null;
  readonly returnOrigins: readonly string[];
  readonly lateMoney: 'return' | 'keep' | 'review';
  readonly telephoneOrders: 'begun_by_phone' | 'any' | 'never';
  readonly smsConfirmLimit: Readonly<Record<string, number>>;
}
