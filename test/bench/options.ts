import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const PARTS = ['start', 'a', 'b', 'c', 'pages', 'growth'] as const;
const CLUSTER_PARTS: readonly string[] = ['a', 'b', 'c'];
export type Part = (typeof PARTS)[number];

export interface Options {
  readonly parts: readonly Part[];
  /** Several processes on MongoDB and Redis instead of one on a file. */
  readonly isCluster: boolean;
  /** So many telephone calls at once in one process, and nothing else. */
  readonly isCalls: boolean;
  readonly callsAtOnce: number;
  /** So many televisions that wait on one process, and nothing else. */
  readonly isTelevisions: boolean;
  readonly televisionsAtOnce: number;
  /** Only so many processes that do everything; null for all ways to divide the work. */
  readonly processes: readonly number[] | null;
  /** How long each line is measured. */
  readonly seconds: number;
  readonly warmSeconds: number;
  readonly isQuick: boolean;
  /** Only these closed loops; null for all. */
  readonly callers: readonly number[] | null;
  /** Folder for CPU profiles of the measured process; null for none. */
  readonly profileTo: string | null;
}

const CALLERS_MAX = 1_000;
const PROCESSES_MAX = 8;
const CALLS = 1_000;
const CALLS_MAX = 5_000;
const TELEVISIONS = 10_000;
const TELEVISIONS_MAX = 20_000;

export const USAGE = `npm run bench -- [options]
  --cluster          1, 2 and 4 processes on one MongoDB and one Redis: a and b, unless --only says otherwise
  --processes <n>    of a cluster, 1 to 8, and no other; may be repeated
  --calls            telephone calls held at once by one process, and nothing else
  --calls-at-once <n> how many, 1 to 5000; 1000 when not given
  --televisions      televisions that wait on one process, and nothing else
  --televisions-at-once <n> how many, 1 to 20000; 10000 when not given
  --only <part>      ${PARTS.join(', ')}; may be given several times; all when it is not
  --seconds <n>      how long each line is measured: 5 when not given, calls and televisions 60
  --callers <n>      a closed loop of so many callers and nothing else, to look at with a profile; may be repeated
  --quick            fewer lines of 1.5 s and growth to 10,000, less than a minute in all
  --profile <folder> write a CPU profile of the measured process there`;

/** Reads the command line; null when help was asked for. @throws Error for what it does not know */
export function readOptions(given: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...given],
    options: {
      help: { type: 'boolean', short: 'h' },
      cluster: { type: 'boolean' },
      processes: { type: 'string', multiple: true },
      calls: { type: 'boolean' },
      'calls-at-once': { type: 'string' },
      televisions: { type: 'boolean' },
      'televisions-at-once': { type: 'string' },
      only: { type: 'string', multiple: true },
      seconds: { type: 'string' },
      callers: { type: 'string', multiple: true },
      quick: { type: 'boolean' },
      profile: { type: 'string' },
    },
  });
  if (values.help === true) return null;
  const isQuick = values.quick === true;
  const isCalls = values.calls === true;
  const isTelevisions = values.televisions === true;
  const usual = isCalls || isTelevisions ? { whole: 60, quick: 10 } : { whole: 5, quick: 1.5 };
  const seconds = Number(values.seconds ?? (isQuick ? usual.quick : usual.whole));
  if (!(seconds > 0 && seconds <= 600)) throw new Error('--seconds takes a number above 0, at most 600');
  const callers = values.callers?.map((given) => wholeNumber('--callers', given, CALLERS_MAX)) ?? null;
  const isCluster = values.cluster === true;
  const processes = values.processes?.map((given) => wholeNumber('--processes', given, PROCESSES_MAX)) ?? null;
  const asked = values.only ?? (isCluster ? CLUSTER_PARTS.slice(0, 2) : PARTS);
  const parts = PARTS.filter((part) => asked.includes(part));
  if (parts.length < asked.length) throw new Error(`--only takes ${PARTS.join(', ')}`);
  if (isCluster && parts.some((part) => !CLUSTER_PARTS.includes(part)))
    throw new Error('--cluster measures a, b and c');
  const profileTo = values.profile === undefined ? null : resolve(values.profile);
  return {
    parts,
    isCluster,
    isCalls,
    callsAtOnce: wholeNumber('--calls-at-once', values['calls-at-once'] ?? CALLS, CALLS_MAX),
    isTelevisions,
    televisionsAtOnce: wholeNumber(
      '--televisions-at-once',
      values['televisions-at-once'] ?? TELEVISIONS,
      TELEVISIONS_MAX,
    ),
    processes,
    seconds,
    warmSeconds: Math.min(isQuick ? 1.5 : 4, seconds * 2),
    isQuick,
    callers,
    profileTo,
  };
}

/** @throws Error for anything else */
function wholeNumber(option: string, given: string | number, most: number): number {
  const number = Number(given);
  if (Number.isInteger(number) && number > 0 && number <= most) return number;
  throw new Error(`${option} takes a whole number from 1 to ${most}`);
}
