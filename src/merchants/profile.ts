import { Problem, type ProblemDetail } from '../contracts/errors.js';
import { INSTRUMENTS, type Instrument } from '../contracts/flow.js';
import type { MerchantProfile } from '../contracts/merchant.js';
import { AMOUNT_MAX, exponentOf } from '../contracts/money.js';
import { CHANNELS, type ChannelName } from '../contracts/payment.js';
import { isPremium } from '../contracts/premium_numbers.js';
import { contrastRatio } from './contrast.js';
import { normalOrigin } from './origins.js';

/** What a merchant can do before it has told anything else of itself. */
export const DEFAULT_PROFILE: Omit<MerchantProfile, 'displayName' | 'returnOrigins'> = {
  language: 'en',
  smsName: null,
  spokenName: { fr: null, en: null },
  statementDescriptor: null,
  logo: null,
  accentColour: null,
  support: { email: null, phone: null, url: null },
  notificationEmail: null,
  currencies: ['EUR'],
  instruments: ['card'],
  channels: ['web'],
  telephone: null,
  lateMoney: 'return',
  telephoneOrders: 'begun_by_phone',
  smsConfirmLimit: { EUR: 15_000 },
};

export type ProfileChange = Partial<MerchantProfile>;

/** WCAG 2.2 AA for text. The accent is the ground of white button text, and text on the white page: one rule covers both. */
const CONTRAST_MIN = 4.5;
const WHITE = '#ffffff';
const LIST_MAX = 40;

/** GSM 7-bit default alphabet (3GPP TS 23.038) without digits and control characters. */
const GSM7_WITHOUT_DIGITS = /^[@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]{1,16}$/;
/** Card schemes take 22 characters of the simplest kind on a statement, and refuse these five. */
const DESCRIPTOR = /^(?=.*[A-Za-z])[ -~]{5,22}$/;
const DESCRIPTOR_REFUSED = /[<>\\'"*]/;
const TEXT = /^[^\p{C}\p{Zl}\p{Zp}]+$/u;
const EMAIL = /^[^\s@\p{C}]{1,64}@[^\s@\p{C}]{1,180}\.[^\s@\p{C}]{2,60}$/u;
const PHONE = /^\+[1-9]\d{6,14}$/;

type Rule = (value: unknown) => string | null;

const isText = (max: number): Rule => {
  const words = `1 to ${max} printable characters`;
  return (value) => (typeof value === 'string' && value.length <= max && TEXT.test(value) ? null : words);
};
const matches =
  (pattern: RegExp, words: string): Rule =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? null : words;
const orNull =
  (rule: Rule): Rule =>
  (value) =>
    value === null ? null : rule(value);
const oneOf = (values: readonly string[]): Rule => {
  const words = `one of ${values.join(', ')}`;
  return (value) => (typeof value === 'string' && values.includes(value) ? null : words);
};
const someOf =
  (rule: Rule): Rule =>
  (value) => {
    if (!Array.isArray(value) || value.length === 0 || value.length > LIST_MAX) return `a list of 1 to ${LIST_MAX}`;
    if (new Set(value).size < value.length) return 'a list without doubles';
    return value.map(rule).find((problem) => problem !== null) ?? null;
  };
const isEmail = matches(EMAIL, 'an e-mail address');
const isPhone = matches(PHONE, 'a telephone number in E.164, like +33123456789');
/** Callers are put through to it, at the operator's cost, and read it on the page. */
const isSupportPhone: Rule = (value) => {
  const problem = isPhone(value);
  if (problem !== null) return problem;
  return isPremium(String(value)) ? 'a telephone number that costs no more than a call' : null;
};
const isCurrency: Rule = (value) =>
  typeof value === 'string' && exponentOf(value) !== undefined ? null : 'ISO 4217 codes in capitals, like EUR';

const isHttps: Rule = (value) =>
  typeof value === 'string' && value.length <= 500 && URL.canParse(value) && new URL(value).protocol === 'https:'
    ? null
    : 'an https address';

/**
 * Refused below a contrast of 4.5:1 against white. The accent carries white text and is itself text on white; one
 * ratio answers for both directions.
 */
const isAccent: Rule = (value) => {
  if (typeof value !== 'string' || !/^#[0-9a-f]{6}$/i.test(value)) return 'a colour like #0a5c4f';
  return contrastRatio(value, WHITE) >= CONTRAST_MIN
    ? null
    : 'a colour with a contrast of at least 4.5:1 against white';
};

const isDescriptor: Rule = (value) =>
  typeof value === 'string' && DESCRIPTOR.test(value) && !DESCRIPTOR_REFUSED.test(value)
    ? null
    : `5 to 22 plain characters with a letter, none of < > \\ ' " *`;

const isLimit: Rule = (value) => {
  const words = 'minor units by currency, like EUR=5000';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return words;
  const isRight = ([currency, limit]: [string, unknown]): boolean =>
    exponentOf(currency) !== undefined && Number.isInteger(limit) && Number(limit) >= 0 && Number(limit) <= AMOUNT_MAX;
  return Object.entries(value).every(isRight) ? null : words;
};

const RULES: readonly (readonly [pointer: string, of: (profile: MerchantProfile) => unknown, rule: Rule])[] = [
  ['/display_name', ({ displayName }) => displayName, isText(60)],
  ['/language', ({ language }) => language, oneOf(['en', 'fr'])],
  [
    '/sms_name',
    ({ smsName }) => smsName,
    orNull(matches(GSM7_WITHOUT_DIGITS, 'at most 16 GSM-7 characters, no digits')),
  ],
  ['/spoken_name/fr', ({ spokenName }) => spokenName.fr, orNull(isText(100))],
  ['/spoken_name/en', ({ spokenName }) => spokenName.en, orNull(isText(100))],
  ['/statement_descriptor', ({ statementDescriptor }) => statementDescriptor, orNull(isDescriptor)],
  ['/logo', ({ logo }) => logo, orNull(isHttps)],
  ['/accent_colour', ({ accentColour }) => accentColour, orNull(isAccent)],
  ['/support/email', ({ support }) => support.email, orNull(isEmail)],
  ['/support/phone', ({ support }) => support.phone, orNull(isSupportPhone)],
  ['/support/url', ({ support }) => support.url, orNull(isHttps)],
  ['/notification_email', ({ notificationEmail }) => notificationEmail, orNull(isEmail)],
  ['/currencies', ({ currencies }) => currencies, someOf(isCurrency)],
  ['/instruments', ({ instruments }) => instruments, someOf(oneOf(INSTRUMENTS satisfies readonly Instrument[]))],
  ['/channels', ({ channels }) => channels, someOf(oneOf(CHANNELS satisfies readonly ChannelName[]))],
  ['/telephone', ({ telephone }) => telephone, orNull(isPhone)],
  ['/late_money', ({ lateMoney }) => lateMoney, oneOf(['return', 'keep', 'review'])],
  ['/telephone_orders', ({ telephoneOrders }) => telephoneOrders, oneOf(['begun_by_phone', 'any', 'never'])],
  ['/sms_confirm_limit', ({ smsConfirmLimit }) => smsConfirmLimit, isLimit],
];

/**
 * The profile if every rule holds, its origins in their normal form.
 * @param demo its return origins may be http on loopback
 * @throws Problem 422 `merchant_invalid` naming everything that is wrong
 */
export function checkProfile(profile: MerchantProfile, demo: boolean): MerchantProfile {
  const errors: ProblemDetail[] = RULES.flatMap(([pointer, of, rule]) => {
    const problem = rule(of(profile));
    return problem === null ? [] : [{ pointer, code: 'invalid', detail: `Give ${problem}.` }];
  });
  const returnOrigins = profile.returnOrigins.map((origin) => normalOrigin(origin, demo));
  if (returnOrigins.length > LIST_MAX || returnOrigins.includes(null)) {
    const detail = `Give at most ${LIST_MAX} origins like https://shop.example, or an app's own scheme like myshop:`;
    errors.push({ pointer: '/return_origins', code: 'invalid', detail });
  }
  if (errors.length > 0) {
    const summary = errors.map(({ pointer, detail }) => `${pointer.slice(1)}: ${detail}`).join(' ');
    throw new Problem(422, 'merchant_invalid', summary, { errors });
  }
  return { ...profile, returnOrigins: [...new Set(returnOrigins.filter((origin) => origin !== null))] };
}
