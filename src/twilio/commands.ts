import { parseArgs } from 'node:util';
import { E164 } from '../contracts/telephone.js';
import type { TwilioAccount } from './rest.js';
import { SetupProblem, setUpNumbers } from './setup.js';

/** What stands on the line cannot be understood; the message says how to mend it. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

/** What the command needs of the configuration. */
interface SetupSettings {
  readonly publicUrl: string;
  readonly twilio: (Omit<TwilioAccount, 'authToken'> & { readonly authTokens: readonly string[] }) | null;
  readonly payConnector: { readonly name: string; readonly credentials: { readonly username: string } | null };
}

const HELP = `npm run twilio -- setup [--number +33123456789 …] [--replace]

Sets the webhooks of a number over the REST API of the provider: calls, texts, their states, and where calls go when
nothing answers. Without --number those of TWILIO_VOICE_FROM and TWILIO_MESSAGING_FROM; give the numbers of your
merchants too, each with a --number of its own. Then it prints what only a person can do: a sub-account, PCI Mode, the
pay connector.

A number that an application or a trunk of the account answers is left as it is, and nothing is changed: the provider would
not ask us. With --replace it is taken from them.

It needs TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_VOICE_FROM, TWILIO_MESSAGING_FROM, PAY_CONNECTOR_USERNAME,
PAY_CONNECTOR_PASSWORD and a PUBLIC_URL that the provider can reach. It may be run again: it sets the same.`;

/**
 * Runs what the line asks for and answers what to print.
 * @throws ArgumentError, SetupProblem, ConfigProblem
 */
export async function runTwilioCommand(args: readonly string[], readSettings: () => SetupSettings): Promise<string> {
  if (args.length === 0 || args.some((argument) => argument === '--help' || argument === '-h')) return HELP;
  const { positionals, given, replaces } = read(args);
  const [command, ...others] = positionals;
  if (command !== 'setup' || others.length > 0)
    throw new ArgumentError(`There is no command ${positionals.join(' ')}.`);
  const wrong = given.find((number) => !E164.test(number));
  if (wrong !== undefined) throw new ArgumentError(`${wrong} is no number like +33123456789.`);
  const { twilio, payConnector, publicUrl } = readSettings();
  if (twilio === null || payConnector.credentials === null) {
    throw new SetupProblem(
      'TWILIO_ACCOUNT_SID and what belongs to it are not set: --help names them. The lab’s simulator needs no setup.',
    );
  }
  const isReachable = publicUrl.startsWith('https://') || twilio.apiBaseUrl !== null;
  if (!isReachable) throw new SetupProblem(`The provider cannot reach ${publicUrl}: give an https PUBLIC_URL.`);
  const ours = [twilio.voiceFrom, twilio.messagingFrom].filter((number) => E164.test(number));
  const [authToken = ''] = twilio.authTokens;
  const { name } = payConnector;
  const { username } = payConnector.credentials;
  const numbers = [...new Set(given.length > 0 ? given : ours)];
  return setUpNumbers({ ...twilio, authToken }, { publicUrl, numbers, replaces, connector: { name, username } });
}

function read(args: readonly string[]): { positionals: string[]; given: string[]; replaces: boolean } {
  try {
    const options = { number: { type: 'string', multiple: true }, replace: { type: 'boolean' } } as const;
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { positionals, given: values.number ?? [], replaces: values.replace ?? false };
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error));
  }
}
