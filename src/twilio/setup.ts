import twilio from 'twilio';
import { E164 } from '../contracts/telephone.js';
import { reasonOf, type TwilioAccount } from './rest.js';

/** What a number of the account is told to call, for calls and for texts. */
export interface SetupWanted {
  /** How the provider reaches us. */
  readonly publicUrl: string;
  /** E.164; the ones whose webhooks are set. */
  readonly numbers: readonly string[];
  /** Whether numbers are taken from what answers them now. */
  readonly replaces: boolean;
  readonly connector: { readonly name: string; readonly username: string };
}

/** The account has no such number, something else answers it, or the provider refused: said in its own words, without a secret. */
export class SetupProblem extends Error {
  override readonly name = 'SetupProblem';
}

const TIMEOUT_MS = 20_000;

/**
 * Sets the webhooks of numbers over REST, and answers what to print: what was done, and what only a person can do.
 * @throws SetupProblem
 */
export async function setUpNumbers(account: TwilioAccount, wanted: SetupWanted): Promise<string> {
  const { accountSid, authToken, apiBaseUrl } = account;
  const client = twilio(accountSid, authToken, { autoRetry: false, timeout: TIMEOUT_MS, env: {} });
  if (apiBaseUrl !== null) client.api.baseUrl = apiBaseUrl;
  const found: Found[] = [];
  // All are looked at before one is changed.
  for (const number of wanted.numbers) found.push(await told(() => lookUp(client, number, wanted.replaces)));
  const done: string[] = [];
  for (const { number, sid, answeredBy } of found) {
    await told(() =>
      client.incomingPhoneNumbers(sid).update({ ...webhooksOf(wanted.publicUrl), ...freed(answeredBy) }),
    );
    if (answeredBy.length > 0) done.push(`  ${number}  taken from ${namesOf(answeredBy)}`);
    done.push(`  ${number}  calls, texts and their states come to ${wanted.publicUrl} now`);
  }
  return [...(done.length === 0 ? ['  no number to be set'] : done), '', ...leftByHand(account, wanted)].join('\n');
}

/** What stands at a number: where its calls and texts go, and where when nobody answers there. */
export function webhooksOf(publicUrl: string) {
  return {
    voiceUrl: `${publicUrl}/ivr/call`,
    voiceMethod: 'POST',
    voiceFallbackUrl: `${publicUrl}/ivr/fallback`,
    voiceFallbackMethod: 'POST',
    statusCallback: `${publicUrl}/ivr/status`,
    statusCallbackMethod: 'POST',
    smsUrl: `${publicUrl}/sms/inbound`,
    smsMethod: 'POST',
  } as const;
}

/** What the provider asks in the place of a number's own addresses, as long as it stands there. */
const BINDINGS = [
  ['voiceApplicationSid', 'application', 'calls'],
  ['smsApplicationSid', 'application', 'texts'],
  ['trunkSid', 'trunk', 'calls'],
] as const;

interface Bound {
  readonly field: (typeof BINDINGS)[number][0];
  readonly name: string;
}

interface Found {
  readonly number: string;
  readonly sid: string;
  readonly answeredBy: readonly Bound[];
}

async function lookUp(client: twilio.Twilio, number: string, replaces: boolean): Promise<Found> {
  const [found] = await client.incomingPhoneNumbers.list({ phoneNumber: number, limit: 1 });
  if (found === undefined) throw new SetupProblem(`The account has no number ${number}: buy or port it first.`);
  const answeredBy = BINDINGS.filter(([field]) => Boolean(found[field])).map(([field, what, medium]) => ({
    field,
    name: `the ${what} ${found[field]} for ${medium}`,
  }));
  if (answeredBy.length > 0 && !replaces) {
    throw new SetupProblem(
      `${number} is answered by something else, and would not come to us: ${namesOf(answeredBy)}. ` +
        'Nothing was changed. Give another number, or --replace to take this one from them.',
    );
  }
  return { number, sid: found.sid, answeredBy };
}

const namesOf = (bound: readonly Bound[]): string => bound.map(({ name }) => name).join(', ');

/** An empty name takes it away. */
const freed = (bound: readonly Bound[]): Partial<Record<Bound['field'], ''>> =>
  Object.fromEntries(bound.map(({ field }) => [field, '']));

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SetupProblem) throw error;
    // The library's own error goes no further: it holds the request, with the account's secret.
    if (!(error instanceof twilio.RestException))
      throw new SetupProblem(`The provider gave no answer: ${reasonOf(error)}.`);
    throw new SetupProblem(`The provider refused with ${error.status}, code ${error.code ?? 'none'}: ${error.message}`);
  }
}

function leftByHand({ messagingFrom }: TwilioAccount, { publicUrl, connector }: SetupWanted): string[] {
  const texts = E164.test(messagingFrom)
    ? []
    : [
        `* Texts come from ${messagingFrom}, which is no telephone number: in its own settings, let incoming messages`,
        `  POST to ${publicUrl}/sms/inbound. A sender name cannot be replied to; a short code must answer STOP and HELP.`,
      ];
  return [
    'Left for a person, in the console of the provider:',
    '',
    '* A sub-account of its own. What follows holds for a whole account, and cannot be taken back.',
    '* PCI Mode (Voice, Settings): on, for it keeps card digits out of logs and recordings. It is irreversible.',
    `* A Generic Pay Connector named ${connector.name}, in TEST mode first:`,
    `    address    ${publicUrl}/ivr/pay-connector`,
    `    user name  ${connector.username}, as PAY_CONNECTOR_USERNAME`,
    '    password   the one of PAY_CONNECTOR_PASSWORD',
    '  TEST mode lets the provider’s own test cards pass and no others. LIVE mode is opened by its support, for an',
    '  attestation of compliance (PCI DSS); afterwards the address cannot be changed.',
    '* Geographic permissions for the countries you call and text, and no others.',
    ...texts,
  ];
}
