import { ArgumentError, type Options, readArguments } from './arguments.js';

/** One command of a command line, without what opens the store: it answers the text to print. */
export interface Command<Service> {
  readonly usage: string;
  readonly summary: string;
  readonly options: readonly { readonly name: string; readonly help: string; readonly isFlag?: boolean }[];
  run(given: Options, service: Service): Promise<string>;
}

/** Opens what commands work on, for as long as `work` takes. */
export type With<Service> = (work: (service: Service) => Promise<string>) => Promise<string>;

export interface CommandLine<Service> {
  /** What stands before the command's name: `npm run … --`. */
  readonly program: string;
  readonly commands: Readonly<Record<string, Command<Service>>>;
}

/**
 * Runs what the line asks for and answers what to print; help opens nothing.
 * @throws ArgumentError, and whatever the command throws
 */
export async function runCommand<Service>(
  line: CommandLine<Service>,
  args: readonly string[],
  open: With<Service>,
): Promise<string> {
  const { commands } = line;
  const [name, ...rest] = args;
  const wantsHelp = args.some((argument) => argument === '--help' || argument === '-h');
  const command = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name];
  if (command === undefined) {
    if (name === undefined || wantsHelp) return overview(line);
    throw new ArgumentError(`There is no command ${name}.`);
  }
  if (wantsHelp) return helpOf(line, command);
  const [known, flags] = [false, true].map((isFlag) =>
    command.options.filter((option) => (option.isFlag ?? false) === isFlag).map(({ name }) => name),
  ) as [string[], string[]];
  const given = readArguments(rest, known, flags);
  return open((service) => command.run(given, service));
}

function overview<Service>({ program, commands }: CommandLine<Service>): string {
  const rows = Object.values(commands).map(({ usage, summary }) => `  ${usage}\n      ${summary}`);
  return [`${program} <command>`, '', ...rows, '', 'Each explains itself with --help.'].join('\n');
}

function helpOf<Service>({ program }: CommandLine<Service>, { usage, summary, options }: Command<Service>): string {
  const rows = options.map(({ name, help }) => `  --${name.padEnd(22)} ${help}`);
  return [`${program} ${usage}`, '', summary, ...(rows.length > 0 ? ['', ...rows] : [])].join('\n');
}
