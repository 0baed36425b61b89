import type { Mode } from '../contracts/payment.js';

/** Options of a command line: `--name value`; an option may be given several times where a list is wanted. */
export interface Options {
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, readonly string[]>;
}

/** What stands on the line cannot be understood; the message says how to mend it. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

/**
 * `flags` are options that stand alone, without a value.
 * @throws ArgumentError for an option that is not known, has no value, or has one that it cannot have
 */
export function readArguments(
  args: readonly string[],
  known: readonly string[],
  flags: readonly string[] = [],
): Options {
  const words: string[] = [];
  const options = new Map<string, string[]>();
  for (let at = 0; at < args.length; at += 1) {
    const argument = args[at] ?? '';
    if (!argument.startsWith('--')) {
      words.push(argument);
      continue;
    }
    const [name = '', inline] = argument.slice(2).split(/=(.*)/s, 2);
    if (flags.includes(name)) {
      if (inline !== undefined) throw new ArgumentError(`--${name} takes no value.`);
      options.set(name, []);
      continue;
    }
    if (!known.includes(name)) throw new ArgumentError(`There is no option --${name}.`);
    const value = inline ?? args[at + 1];
    if (value === undefined || (inline === undefined && value.startsWith('--'))) {
      throw new ArgumentError(`--${name} needs a value.`);
    }
    if (inline === undefined) at += 1;
    options.set(name, [...(options.get(name) ?? []), value]);
  }
  return { words, options };
}

/** The one id that stands on the line. `what` says whose. @throws ArgumentError */
export function idIn({ words }: Options, what: string): string {
  const [id, ...more] = words;
  if (id === undefined || more.length > 0) throw new ArgumentError(`Name one ${what} by its id.`);
  return id;
}

/** @throws ArgumentError */
export function modeIn({ options }: Options): Mode {
  const mode = options.get('mode')?.at(-1);
  if (mode === 'test' || mode === 'live') return mode;
  throw new ArgumentError('--mode test or --mode live is needed.');
}
