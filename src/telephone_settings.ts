import { z } from 'zod';
import { E164 } from './contracts/telephone.js';

/** What may stand in the settings of the telephone; the sentences say how to mend it. */

/** An account at Twilio, or at a server that speaks its REST API. */
export interface TwilioSettings {
  readonly accountSid: string;
  /** The one in use first; during rotation its successor too. */
  readonly authTokens: readonly string[];
  /** The number that calls come from and go to, E.164. */
  readonly voiceFrom: string;
  /** The number, short code, sender name or messaging service that texts come from. */
  readonly messagingFrom: string;
  /** Null: Twilio's own. */
  readonly apiBaseUrl: string | null;
}

/** How the provider's `<Pay>` reaches our pay connector. */
export interface PayConnectorSettings {
  /** Its name at the provider. */
  readonly name: string;
  /** Null: made on the first start, in development. */
  readonly credentials: { readonly username: string; readonly password: string } | null;
}

const TOKEN = 'the auth token as its console shows it';
const token = z.string().regex(/^[\x21-\x7e]{16,100}$/, `give ${TOKEN}`);
const SENDER =
  'a number like +33123456789, a short code, a sender name of up to 11 letters, or a messaging service MG…';
const SECRET = 'at least 16 characters without spaces';

export const telephoneSettings = {
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/, 'give the account SID, AC and 32 hexadecimal digits')
    .optional(),
  TWILIO_AUTH_TOKEN: token.optional(),
  TWILIO_AUTH_TOKEN_FILE: z.string().optional(),
  TWILIO_AUTH_TOKEN_SECONDARY: token.optional(),
  TWILIO_AUTH_TOKEN_SECONDARY_FILE: z.string().optional(),
  TWILIO_VOICE_FROM: z.string().regex(E164, 'give a number like +33123456789').optional(),
  TWILIO_MESSAGING_FROM: z
    .string()
    .regex(/^(?:\+[1-9]\d{6,14}|\d{4,8}|MG[0-9a-f]{32}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/, `give ${SENDER}`)
    .optional(),
  TWILIO_API_BASE_URL: z
    .url({ protocol: /^https?$/, error: 'give the address of a server that speaks the REST API of Twilio' })
    .transform((value) => value.replace(/\/+$/, ''))
    .optional(),
  PAY_CONNECTOR_USERNAME: z
    .string()
    .regex(/^[\x21-\x39\x3b-\x7e]{1,100}$/, 'give a name without spaces and colons')
    .optional(),
  PAY_CONNECTOR_PASSWORD: z
    .string()
    .regex(/^[\x21-\x7e]{16,200}$/, `give ${SECRET}`)
    .optional(),
  PAY_CONNECTOR_PASSWORD_FILE: z.string().optional(),
  TWILIO_PAY_CONNECTOR: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'give the name of the connector: letters, digits, hyphens')
    .default('Default'),
};

/** Characters that the public address and the name of the key that signs may have together where texts carry links of them. */
export const LINK_PARTS_MAX = 50;
/** The length of the names that development gives its keys. */
const MADE_NAME_LENGTH = 6;

/** Links that would need a second segment: every text is paid by the segment, and some telephones show the parts apart. */
export function tooLongForTexts(
  publicUrl: string,
  twilio: TwilioSettings | null,
  signingKeys: readonly { readonly id: string }[] | null,
): string[] {
  if (twilio === null) return [];
  const name = signingKeys?.[0]?.id.length ?? MADE_NAME_LENGTH;
  if (publicUrl.length + name <= LINK_PARTS_MAX) return [];
  const lengths = `${publicUrl.length} characters, and ${name} of the first signing key's name`;
  return [
    `PUBLIC_URL: ${lengths}: a text has room for ${LINK_PARTS_MAX} together; give a shorter address, or a key with a shorter name`,
  ];
}

const shape = z.object(telephoneSettings);
type Settings = z.output<typeof shape>;

/** What belongs together: an account is whole or not there at all. */
const ACCOUNT = ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_VOICE_FROM', 'TWILIO_MESSAGING_FROM'] as const;
const CONNECTOR = ['PAY_CONNECTOR_USERNAME', 'PAY_CONNECTOR_PASSWORD'] as const;

/** What is missing beside what is given, looked for in what was not parsed yet. */
export function missingOfTelephone(given: Readonly<Record<string, string>>): string[] {
  // What is malformed is told by itself, and may be all that is wrong.
  if (!shape.safeParse(given).success) return [];
  const has = (name: string): boolean => given[name] !== undefined || given[`${name}_FILE`] !== undefined;
  const parts = [...ACCOUNT, 'TWILIO_AUTH_TOKEN_SECONDARY', 'TWILIO_API_BASE_URL'];
  const problems: string[] = [];
  const isGiven = parts.some(has);
  if (isGiven) {
    const beside = parts.find(has) ?? '';
    problems.push(...ACCOUNT.filter((name) => !has(name)).map((name) => `${name}: required beside ${beside}`));
  }
  // Development makes them; who has an account of their own must tell the provider, and so must know them.
  const needsConnector = CONNECTOR.some(has) || isGiven;
  if (needsConnector) {
    const why = isGiven ? 'the telephone' : (CONNECTOR.find(has) ?? '');
    problems.push(...CONNECTOR.filter((name) => !has(name)).map((name) => `${name}: required beside ${why}`));
  }
  return problems;
}

/** Null where no account is set. */
export function twilioOf(settings: Settings): TwilioSettings | null {
  const {
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: primary,
    TWILIO_AUTH_TOKEN_SECONDARY: secondary,
  } = settings;
  const { TWILIO_VOICE_FROM: voiceFrom, TWILIO_MESSAGING_FROM: messagingFrom, TWILIO_API_BASE_URL: api } = settings;
  if (accountSid === undefined || primary === undefined) return null;
  if (voiceFrom === undefined || messagingFrom === undefined) return null;
  const authTokens = secondary === undefined ? [primary] : [primary, secondary];
  return { accountSid, authTokens, voiceFrom, messagingFrom, apiBaseUrl: api ?? null };
}

export function payConnectorOf(settings: Settings): PayConnectorSettings {
  const { PAY_CONNECTOR_USERNAME: username, PAY_CONNECTOR_PASSWORD: password, TWILIO_PAY_CONNECTOR: name } = settings;
  const isGiven = username !== undefined && password !== undefined;
  return { name, credentials: isGiven ? { username, password } : null };
}
