import { ArgumentError, idIn, modeIn, type Options } from '../commands/arguments.js';
import { type Command, runCommand, type With } from '../commands/commands.js';
import { DEVICE_COMMANDS } from './device_commands.js';
import type { DeviceKeys } from './device_keys.js';
import type { OperatorChange, OperatorService } from './service.js';

/** The commands of `npm run operator`, without what opens the store: each answers the text to print. */

const CHANGES = [
  { name: 'name', help: 'who runs the televisions, as viewers see it' },
  { name: 'merchant', help: 'whose payments they show; repeat it for more. All of them are replaced' },
] as const;

/** What the commands work on. */
export interface OperatorDesk {
  readonly operators: OperatorService;
  readonly deviceKeys: DeviceKeys;
}

const COMMANDS: Readonly<Record<string, Command<OperatorDesk>>> = {
  create: {
    usage: 'create --name "…" --merchant mer_…',
    summary: 'Makes a television operator. Prints one secret of each mode, once: they are kept nowhere in clear.',
    options: CHANGES,
    async run(given, { operators }) {
      const { name, merchants } = changeIn(given);
      if (name === undefined) throw new ArgumentError('--name is needed.');
      if (merchants === undefined) throw new ArgumentError('--merchant is needed.');
      const { operator, secrets } = await operators.create({ name, merchants });
      return [
        `Made ${operator.id}, ${name}.`,
        '',
        `  test secret  ${secrets.test}`,
        `  live secret  ${secrets.live}`,
        '',
        'They are shown this once. Keep them where only your middleware reads them, and on no box.',
      ].join('\n');
    },
  },
  list: {
    usage: 'list',
    summary: 'Lists the operators: id, status, name, and the merchants they serve.',
    options: [],
    async run(_given, { operators }) {
      const all = await operators.list();
      if (all.length === 0) return 'There is no operator yet: create one.';
      return all
        .map(({ id, status, name, merchants }) => `${id}  ${status.padEnd(8)}  ${name}  ${merchants.join(',')}`)
        .join('\n');
    },
  },
  update: {
    usage: 'update <id> --option value …',
    summary: 'Changes the name of an operator, or the merchants it serves.',
    options: CHANGES,
    async run(given, { operators }) {
      const id = idIn(given, 'operator');
      if (given.options.size === 0) throw new ArgumentError('Say what to change.');
      const { name, merchants } = await operators.update(id, changeIn(given));
      return `${id} is ${name}, and serves ${merchants.join(', ')}.`;
    },
  },
  'rotate-secret': {
    usage: 'rotate-secret <id> --mode test|live [--now]',
    summary: 'Prints a new secret of a mode, once. The one before it works for 24 hours more, or ends at once.',
    options: [
      { name: 'mode', help: 'test or live' },
      { name: 'now', help: 'the ones before end at once, for when one has leaked', isFlag: true },
    ],
    async run(given, { operators }) {
      const atOnce = given.options.has('now');
      const { secret } = await operators.rotateSecret(idIn(given, 'operator'), modeIn(given), atOnce);
      const before = atOnce
        ? 'No other secret of this mode works any more. Keys of boxes do: see devices and revoke-devices.'
        : 'The one before it works for 24 hours more.';
      return [`  new secret  ${secret}`, '', `It is shown this once. ${before}`].join('\n');
    },
  },
  disable: {
    usage: 'disable <id>',
    summary: 'Nothing that the operator or its boxes sign is taken any more. Payments under way go on to their end.',
    options: [],
    async run(given, { operators }) {
      const { id } = await operators.disable(idIn(given, 'operator'));
      return `Disabled ${id}.`;
    },
  },
  enable: {
    usage: 'enable <id>',
    summary: 'What was disabled works again, with its secrets and boxes. Rotate first what has leaked.',
    options: [],
    async run(given, { operators }) {
      const { id } = await operators.enable(idIn(given, 'operator'));
      return `Enabled ${id}.`;
    },
  },
  ...DEVICE_COMMANDS,
};

/** Runs what the line asks for and answers what to print. @throws ArgumentError, Problem */
export function runOperatorCommand(args: readonly string[], withDesk: With<OperatorDesk>): Promise<string> {
  return runCommand({ program: 'npm run operator --', commands: COMMANDS }, args, withDesk);
}

function changeIn({ options }: Options): OperatorChange {
  const [name, merchants] = [options.get('name')?.at(-1), options.get('merchant')];
  return { ...(name !== undefined && { name }), ...(merchants !== undefined && { merchants }) };
}
