/**
 * The habits of this repository as data. A rule that stands in the way of something good is changed here, in the same
 * commit, with the reason; there is no list of exemptions that grows.
 */

/** Which parts of the house each part may import besides itself. What is not named here may not exist. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/contracts': [],
  flows: ['src/contracts'],
  channels: ['src/contracts'],
  'src/engine': ['src/contracts'],
  'src/acquirers': ['src/contracts'],
  'src/store': ['src/contracts'],
  /** What is shared through Redis reaches it as everything does. */
  'src/jobs': ['src/contracts', 'src/live'],
  /** Redis: connections to it, and word from process to process. */
  'src/live': ['src/contracts'],
  'src/vault': ['src/contracts'],
  /** The way to addresses that somebody else chose: webhooks, pictures. Public ones only. */
  'src/outside': ['src/contracts'],
  'src/notify': ['src/contracts', 'src/outside'],
  /** The account at the telephone provider: its REST interface, and who signed a webhook. */
  'src/twilio': ['src/contracts'],
  'src/payers': ['src/contracts'],
  /** Command lines: what stands on them, and what `--help` says. */
  'src/commands': ['src/contracts'],
  'src/merchants': ['src/contracts', 'src/commands'],
  /** Television operators, the keys of their boxes, and who signed a request. */
  'src/operators': ['src/contracts', 'src/commands'],
  /** What a channel may do for a payer: the Counter of the contracts. */
  'src/counter': ['src/contracts'],
  'src/http': ['src/contracts', 'src/merchants', 'src/operators', 'src/payers'],
  /** Public shapes of what the engine knows, by its pure questions about a payment. */
  'src/presentation': ['src/contracts', 'src/engine'],
  /** Simulators of the world outside: they speak an acquirer's protocol and keep a ledger of their own. */
  'src/lab': ['src/contracts', 'src/acquirers', 'src/store'],
  /** The composition root: everybody's rooms, and nobody else knows it but entries and tests. */
  'src/house': [
    'src',
    'src/contracts',
    'flows',
    'channels',
    'src/engine',
    'src/acquirers',
    'src/store',
    'src/jobs',
    'src/live',
    'src/vault',
    'src/outside',
    'src/notify',
    'src/twilio',
    'src/payers',
    'src/commands',
    'src/merchants',
    'src/operators',
    'src/counter',
    'src/http',
    'src/presentation',
    'src/lab',
  ],
  /** Single files right under src/: clock, config, ids, log, metrics. Entries are free; see `entriesOf`. */
  src: ['src/contracts'],
};

/** Parts that are pure: not even what is built into Node. */
export const PURE: readonly string[] = ['src/contracts', 'src/engine', 'flows'];

/** Folders whose members do not know each other, with what all may know: the wording of the channels, and how a webhook of the telephone is taken. */
export const STRANGERS: Readonly<Record<string, readonly string[]>> = { channels: ['catalogue', 'twilio'] };

/** Where each library lives. A prefix of a path; one home means that it can be replaced in one place. */
export const HOMES: Readonly<Record<string, readonly string[]>> = {
  libsql: ['src/store/sqlite'],
  mongoose: ['src/store/mongo', 'test'],
  'mongodb-memory-server-core': ['test'],
  bullmq: ['src/jobs/bullmq', 'test'],
  ioredis: ['src/live', 'test'],
  xstate: ['flows'],
  winston: ['src/log.ts'],
  zod: ['src/config.ts', 'src/telephone_settings.ts', 'src/http'],
  express: ['src/http', 'channels', 'src/lab', 'src/house'],
  'prom-client': ['src/metrics.ts'],
  'card-validator': ['src/vault'],
  'credit-card-type': ['src/vault'],
  'request-filtering-agent': ['src/outside'],
  nodemailer: ['src/notify/mails'],
  twilio: ['src/twilio', 'channels', 'test'],
  'smtp-server': ['src/lab'],
  'postal-mime': ['src/lab'],
  /** Documents of Twilio's are read by its simulator alone. */
  '@rgrove/parse-xml': ['src/lab'],
  marked: ['src/http'],
  'axe-core': ['test'],
  vitest: ['test', 'vitest.config.ts'],
  'fast-check': ['test'],
  standardwebhooks: ['test'],
  'playwright-core': ['test', 'scripts'],
  yaml: ['test'],
};

export interface Ban {
  /** What must not stand there; looked for in `view`. */
  readonly pattern: RegExp;
  /** `code` without comments and text (the default), or the `comments` alone, or the `source` as it is. */
  readonly view?: 'code' | 'comments' | 'source';
  /** Path prefixes it holds for, and those it does not. */
  readonly within: readonly string[];
  readonly except?: readonly string[];
  /** Command-line entry points are excepted. */
  readonly notEntries?: true;
  /** What to do instead: the message. */
  readonly instead: string;
}

const PRODUCT = ['src', 'flows', 'channels'];
const EVERYWHERE = [...PRODUCT, 'test', 'scripts', 'vitest.config.ts'];
const ARITHMETIC_HOME = ['src/contracts/money.ts'];

export const BANS: readonly Ban[] = [
  {
    pattern: /\bDate\.now\b|\bnew Date\(\s*\)|\bnew Date\b(?!\s*\()/,
    within: PRODUCT,
    except: ['src/clock.ts'],
    instead: 'ask the Clock port: clock.now()',
  },
  {
    pattern: /\bperformance\.now\b|\bhrtime\b/,
    within: PRODUCT,
    except: ['src/clock.ts', 'src/metrics.ts'],
    instead: 'ask the Clock port; to measure a duration, src/metrics.ts',
  },
  {
    pattern: /\bMath\.random\b|\brandom(?:Bytes|UUID|Int|Fill|FillSync)\b|\bgetRandomValues\b/,
    within: PRODUCT,
    except: ['src/ids.ts'],
    instead: 'ask the Ids port: ids.next, ids.token, ids.digits',
  },
  {
    pattern: /\bset(?:Timeout|Interval)\b/,
    within: PRODUCT,
    except: ['src/clock.ts'],
    instead: 'ask the Clock port: clock.at(time, action), which also survives delays above 24.8 days',
  },
  {
    pattern: /\bprocess\.env\b/,
    within: PRODUCT,
    except: ['src/config.ts'],
    instead: 'a setting in src/config.ts, handed on as a value',
  },
  {
    pattern: /\bconsole\./,
    within: PRODUCT,
    notEntries: true,
    instead: 'the Log port; console is for command-line entry points',
  },
  {
    pattern: /\bparseFloat\b|\.toFixed\(|[*/]\s*100(?:\.0*)?\b(?!_)/,
    within: PRODUCT,
    except: ARITHMETIC_HOME,
    instead: 'integer minor units and src/contracts/money.ts: decimalOf, amountText',
  },
  {
    pattern: /\bas any\b|:\s*any\b|<any\b|\bany\[\]/,
    within: EVERYWHERE,
    instead: 'a type; unknown where nobody can know',
  },
  {
    pattern: /@ts-(?:ignore|expect-error|nocheck)/,
    view: 'comments',
    within: EVERYWHERE,
    instead: 'a type that is true',
  },
  {
    pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/,
    view: 'comments',
    within: EVERYWHERE,
    instead: 'finish it, or open an issue',
  },
  {
    pattern: /\bcatch\s*(?:\([^)]*\))?\s*\{\s*\}|\.catch\(\s*\(\s*\w*\s*\)\s*=>\s*\{\s*\}\s*\)/,
    view: 'source',
    within: EVERYWHERE,
    instead: 'handle it, rethrow it, or say in a comment inside why nothing is to be done',
  },
  {
    pattern: /\b(?:invoke|after)\s*:|\bfromPromise\b|\bcreateActor\b|\bspawn(?:Child)?\b/,
    within: ['flows'],
    instead: 'an effect, which the engine stores before it acts; a deadline is data of the state',
  },
  {
    pattern: /\bexport default\b/,
    within: EVERYWHERE,
    except: ['vitest.config.ts'],
    instead: 'a named export',
  },
  {
    pattern: /\bclass\s+\w+(?!\w*\s+extends\s+\w*(?:Error|Problem)\b)\b/,
    within: PRODUCT,
    instead: 'a factory function that closes over its ports; only errors are classes',
  },
  {
    pattern: /\.(?:only|skip|todo)\b(?=\s*(?:\(|\.each))/,
    within: ['test'],
    except: ['test/support/skip.ts'],
    instead: 'run it; where a tool may be missing, needs() of test/support/skip.ts',
  },
  { pattern: /\beval\s*\(|\bnew Function\b/, within: EVERYWHERE, instead: 'code' },
];

/** Words that say nothing about what a file holds. */
export const EMPTY_NAMES = /^(?:utils?|helpers?|manager|common|misc|stuff|lib)$/;

/** Lines of one file; lines of one function without the functions inside it; bytes of one tracked file that is not text. */
export const LINES_OF_FILE_MAX = 300;
export const LINES_OF_FUNCTION_MAX = 70;
export const BINARY_BYTES_MAX = 400_000;

/**
 * The lowest version of a package that is free of an advisory, kept by hand: `npm audit` needs a service that a build must
 * not depend on. `series` limits a floor to one major version.
 */
export const VERSION_FLOORS: readonly { name: string; series?: number; floor: string; why: string }[] = [
  { name: 'qs', floor: '6.14.2', why: 'CVE-2025-15284 and CVE-2026-2391, arrays without limit' },
  { name: 'body-parser', series: 1, floor: '1.20.6', why: 'CVE-2026-12590, an invalid limit fails open' },
  { name: 'body-parser', series: 2, floor: '2.3.0', why: 'CVE-2026-12590, an invalid limit fails open' },
  { name: 'path-to-regexp', series: 0, floor: '0.1.13', why: 'CVE-2026-4867, slow regular expressions' },
  {
    name: 'path-to-regexp',
    series: 8,
    floor: '8.4.0',
    why: 'CVE-2026-4923 and CVE-2026-4926, slow regular expressions',
  },
  { name: 'mongoose', series: 9, floor: '9.1.6', why: 'CVE-2026-42334, sanitizeFilter bypassed by $nor' },
];
