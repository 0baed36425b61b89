import { ArgumentError, type Options } from '../commands/arguments.js';
import type { Instrument } from '../contracts/flow.js';
import type { MerchantProfile } from '../contracts/merchant.js';
import type { ChannelName } from '../contracts/payment.js';
import type { ProfileChange } from './profile.js';

/** One option of `create` and `update`: its name, what `--help` says, and what it changes. */
interface ProfileOption {
  readonly name: string;
  readonly help: string;
  /** Values as given; the rules of the profile judge them. The profile is the one before, for what has several parts. */
  change(values: readonly string[], profile: MerchantProfile): ProfileChange;
}

const last = (values: readonly string[]): string => values.at(-1) ?? '';
/** An empty value takes the old one away. */
const orNull = (values: readonly string[]): string | null => last(values) || null;
const all = (values: readonly string[]): string[] =>
  values.flatMap((value) => value.split(',')).map((one) => one.trim());

/**
 * The rules of the profile check every one of these at run time, so that what was typed may stand as the type it is
 * hoped to be: a wrong word is refused there with the words that are right.
 */
export const PROFILE_OPTIONS: readonly ProfileOption[] = [
  { name: 'name', help: 'who is paid, as payers see it', change: (values) => ({ displayName: last(values) }) },
  {
    name: 'language',
    help: 'en or fr: in which we write to the merchant',
    change: (values) => ({ language: last(values) as MerchantProfile['language'] }),
  },
  {
    name: 'email',
    help: 'where payers and we reach the merchant',
    change: (values, { support }) => ({
      notificationEmail: orNull(values),
      support: { ...support, email: orNull(values) },
    }),
  },
  {
    name: 'return-origin',
    help: 'an origin payers return to; repeat it for more. All of them are replaced',
    change: (values) => ({ returnOrigins: all(values).filter((origin) => origin !== '') }),
  },
  {
    name: 'sms-name',
    help: 'at most 16 GSM-7 characters, no digits',
    change: (values) => ({ smsName: orNull(values) }),
  },
  {
    name: 'spoken-name-fr',
    help: 'as it is spoken in French',
    change: (values, { spokenName }) => ({ spokenName: { ...spokenName, fr: orNull(values) } }),
  },
  {
    name: 'spoken-name-en',
    help: 'as it is spoken in English',
    change: (values, { spokenName }) => ({ spokenName: { ...spokenName, en: orNull(values) } }),
  },
  {
    name: 'statement-descriptor',
    help: '5 to 22 characters on the statement',
    change: (values) => ({ statementDescriptor: orNull(values) }),
  },
  {
    name: 'logo',
    help: 'the https address of a PNG, JPEG or WebP, at most 20 kB',
    change: (values) => ({ logo: orNull(values) }),
  },
  {
    name: 'accent-colour',
    help: 'like #0a5c4f, at least 4.5:1 against white',
    change: (values) => ({ accentColour: orNull(values)?.toLowerCase() ?? null }),
  },
  {
    name: 'support-email',
    help: 'where payers write',
    change: (values, { support }) => ({ support: { ...support, email: orNull(values) } }),
  },
  {
    name: 'support-phone',
    help: 'where payers call, E.164',
    change: (values, { support }) => ({ support: { ...support, phone: orNull(values) } }),
  },
  {
    name: 'support-url',
    help: 'where payers read',
    change: (values, { support }) => ({ support: { ...support, url: orNull(values) } }),
  },
  { name: 'notification-email', help: 'where we write', change: (values) => ({ notificationEmail: orNull(values) }) },
  { name: 'currencies', help: 'ISO 4217, comma-separated', change: (values) => ({ currencies: all(values) }) },
  {
    name: 'instruments',
    help: 'comma-separated, like card',
    change: (values) => ({ instruments: all(values) as Instrument[] }),
  },
  {
    name: 'channels',
    help: 'comma-separated, like web,ivr',
    change: (values) => ({ channels: all(values) as ChannelName[] }),
  },
  { name: 'telephone', help: 'where payers call to pay, E.164', change: (values) => ({ telephone: orNull(values) }) },
  {
    name: 'late-money',
    help: 'return, keep or review',
    change: (values) => ({ lateMoney: last(values) as MerchantProfile['lateMoney'] }),
  },
  {
    name: 'telephone-orders',
    help: 'begun_by_phone, any or never',
    change: (values) => ({ telephoneOrders: last(values) as MerchantProfile['telephoneOrders'] }),
  },
  {
    name: 'sms-confirm-limit',
    help: 'minor units by currency, like EUR=5000,GBP=4000',
    change: (values) => ({ smsConfirmLimit: limitsOf(all(values)) }),
  },
];

/** What the options change in a profile. */
export function profileChange({ options }: Options, profile: MerchantProfile): ProfileChange {
  let change: ProfileChange = {};
  for (const option of PROFILE_OPTIONS) {
    const values = options.get(option.name);
    if (values !== undefined) change = { ...change, ...option.change(values, { ...profile, ...change }) };
  }
  return change;
}

function limitsOf(pairs: readonly string[]): Record<string, number> {
  const entries = pairs
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [, currency, limit] = /^([A-Z]{3})=(\d{1,8})$/.exec(pair) ?? [];
      if (currency === undefined) throw new ArgumentError('--sms-confirm-limit takes pairs like EUR=5000.');
      return [currency, Number(limit)] as const;
    });
  return Object.fromEntries(entries);
}
