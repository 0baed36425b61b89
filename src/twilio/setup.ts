import twilio from 'twilio';
import { E164 } from '../contracts/telephone.js';
import { reasonOf, type TwilioAccount } from './rest.js';

/** What a number of the account is told to call, for calls and for texts. */
export interface SetupWanted {
  /** How the provider reaches us. */
  readonly publicUrl: string;
  /** E.164; the ones whose webhooks are set. */
  readonly numbers: readonly string[];
  readonly connector: { readonly name: string; readonly username: string };
}

/** The account has no such number, or the provider refused: said in its own words, without a secret. */
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
  const done: string[] = [];
  for (const number of wanted.numbers) {
    await told(async () => {
      const [found] = await client.incomingPhoneNumbers.list({ phoneNumber: number, limit: 1 });
      if (found === undefined) throw new SetupProblem(`The account has no number ${number}: buy or port it first.`);
      await client.incomingPhoneNumbers(found.sid).update(webhooksOf(wanted.publicUrl));
    });
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

async function told(work: () => Promise<void>): Promise<void> {
  try {
    await work();
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
