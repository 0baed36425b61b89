import { ArgumentError, idIn, modeIn } from '../commands/arguments.js';
import { type Command, runCommand, type With } from '../commands/commands.js';
import type { Merchant } from '../contracts/merchant.js';
import { PROFILE_OPTIONS, profileChange } from './command_profile.js';
import { presentMerchant } from './present.js';
import { DEFAULT_PROFILE } from './profile.js';
import type { MerchantService } from './service.js';

/** The commands of `npm run merchant`, without what opens the store: each answers the text to print. */

const COMMANDS: Readonly<Record<string, Command<MerchantService>>> = {
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
      const id = idIn(given, 'merchant');
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
      const { key } = await merchants.rotateKey(idIn(given, 'merchant'), modeIn(given));
      return [`  new key  ${key}`, '', 'It is shown this once. The keys before it work for 24 hours more.'].join('\n');
    },
  },
  disable: {
    usage: 'disable <id>',
    summary: 'None of the merchant’s keys opens anything any more. Payments under way go on to their end.',
    options: [],
    async run(given, merchants) {
      const { id } = await merchants.disable(idIn(given, 'merchant'));
      return `Disabled ${id}.`;
    },
  },
};

/** Runs what the line asks for and answers what to print. @throws ArgumentError, Problem */
export function runMerchantCommand(args: readonly string[], withMerchants: With<MerchantService>): Promise<string> {
  return runCommand({ program: 'npm run merchant --', commands: COMMANDS }, args, withMerchants);
}

function shown(merchant: Merchant): string {
  const { object: _object, mode: _mode, ...profile } = presentMerchant(merchant, 'test');
  return JSON.stringify(profile, null, 2);
}
