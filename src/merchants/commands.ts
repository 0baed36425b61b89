import type { Merchant } from '../contracts/merchant.js';
import type { Mode } from '../contracts/payment.js';
import { ArgumentError, type Options, readArguments } from './arguments.js';
import { PROFILE_OPTIONS, profileChange } from './command_profile.js';
import { presentMerchant } from './present.js';
import { DEFAULT_PROFILE } from './profile.js';
import type { MerchantService } from './service.js';

/** The commands of `npm run merchant`, without what opens the store: each answers the text to print. */

interface Command {
  readonly usage: string;
  readonly summary: string;
  readonly options: readonly { readonly name: string; readonly help: string }[];
  run(given: Options, merchants: MerchantService): Promise<string>;
}

type WithMerchants = (work: (merchants: MerchantService) => Promise<string>) => Promise<string>;

const COMMANDS: Readonly<Record<string, Command>> = {
  create: {
    usage: 'create --name "…" --email … --return-origin https://…',
    summary:
      'Makes a merchant. Prints one key of each mode and the return secret, once: they are kept nowhere in clear.',
    options: PROFILE_OPTIONS,
    async run(given, merchants) {
      const start = { ...DEFAULT_PROFILE, displayName: '', returnOrigins: [] };
      const change = profileChange(given, start);
      const { displayName } = change;
      if (displayName === undefined) throw new ArgumentError('--name is needed.');
      const { merchant, keys, returnSecret } = await merchants.create({ ...change, displayName });
      return [
        `Made ${merchant.id}, ${displayName}.`,
        '',
        `  test key       ${keys.test}`,
        `  live key       ${keys.live}`,
        `  return secret  ${returnSecret}`,
        '',
        'They are shown this once. Keep them where only your server reads them.',
      ].join('\n');
    },
  },
  list: {
    usage: 'list',
    summary: 'Lists the merchants: id, status, name.',
    options: [],
    async run(_given, merchants) {
      const all = await merchants.list();
      if (all.length === 0) return 'There is no merchant yet: create one.';
      return all.map(({ id, status, profile }) => `${id}  ${status.padEnd(8)}  ${profile.displayName}`).join('\n');
    },
  },
  update: {
    usage: 'update <id> --option value …',
    summary: 'Changes the profile of a merchant and prints it. An empty value takes the old one away.',
    options: PROFILE_OPTIONS,
    async run(given, merchants) {
      const id = idIn(given);
      if (given.options.size === 0) throw new ArgumentError('Say what to change.');
      const before = (await merchants.list()).find((merchant) => merchant.id === id);
      const change = before === undefined ? {} : profileChange(given, before.profile);
      return shown(await merchants.update(id, change));
    },
  },
  'rotate-key': {
    usage: 'rotate-key <id> --mode test|live',
    summary: 'Prints a new key of a mode, once. Those before it work for 24 hours more.',
    options: [{ name: 'mode', help: 'test or live' }],
    async run(given, merchants) {
      const { key } = await merchants.rotateKey(idIn(given), modeIn(given));
      return [`  new key  ${key}`, '', 'It is shown this once. The keys before it work for 24 hours more.'].join('\n');
    },
  },
  disable: {
    usage: 'disable <id>',
    summary: 'None of the merchant’s keys opens anything any more. Payments under way go on to their end.',
    options: [],
    async run(given, merchants) {
      const { id } = await merchants.disable(idIn(given));
      return `Disabled ${id}.`;
    },
  },
};

/**
 * Runs what the line asks for and answers what to print; help opens no store.
 * @throws ArgumentError, Problem
 */
export async function runMerchantCommand(args: readonly string[], withMerchants: WithMerchants): Promise<string> {
  const [name, ...rest] = args;
  const wantsHelp = args.some((argument) => argument === '--help' || argument === '-h');
  const command = name === undefined || !Object.hasOwn(COMMANDS, name) ? undefined : COMMANDS[name];
  if (command === undefined) {
    if (name === undefined || wantsHelp) return overview();
    throw new ArgumentError(`There is no command ${name}.`);
  }
  if (wantsHelp) return helpOf(command);
  const known = command.options.map((option) => option.name);
  const given = readArguments(rest, known);
  return withMerchants((merchants) => command.run(given, merchants));
}

function overview(): string {
  const rows = Object.values(COMMANDS).map(({ usage, summary }) => `  ${usage}\n      ${summary}`);
  return ['npm run merchant -- <command>', '', ...rows, '', 'Each explains itself with --help.'].join('\n');
}

function helpOf({ usage, summary, options }: Command): string {
  const rows = options.map(({ name, help }) => `  --${name.padEnd(22)} ${help}`);
  return [`npm run merchant -- ${usage}`, '', summary, ...(rows.length > 0 ? ['', ...rows] : [])].join('\n');
}

function idIn({ words }: Options): string {
  const [id, ...more] = words;
  if (id === undefined || more.length > 0) throw new ArgumentError('Name one merchant by its id.');
  return id;
}

function modeIn({ options }: Options): Mode {
  const mode = options.get('mode')?.at(-1);
  if (mode === 'test' || mode === 'live') return mode;
  throw new ArgumentError('--mode test or --mode live is needed.');
}

function shown(merchant: Merchant): string {
  const { object: _object, mode: _mode, ...profile } = presentMerchant(merchant, 'test');
  return JSON.stringify(profile, null, 2);
}
