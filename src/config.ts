import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { isLoopback, originOf, passwordOf } from './addresses.js';
import {
  isMongodbUrl,
  isRedisUrl,
  MONGODB,
  missingInCluster,
  REDIS,
  type Servers,
  serversIn,
} from './cluster_settings.js';
import type { Picture } from './contracts/picture.js';
import type { TvKeyCode } from './contracts/television.js';
import { type Environment, type Given, givenSettings } from './given_settings.js';
import { type Key, keysInTwoPlaces, readKeys } from './key_ring.js';
import { LIMITS } from './limits.js';
import { type MailServer, readMailServer } from './mail_server.js';
import { LOGO_FILE, readLogo } from './operator_logo.js';
import { address, ORIGIN, origin, tvKeys, words } from './setting_shapes.js';
import { LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from './settings.js';
import {
  missingOfTelephone,
  type PayConnectorSettings,
  payConnectorOf,
  type TwilioSettings,
  telephoneSettings,
  tooLongForTexts,
  twilioOf,
} from './telephone_settings.js';

export { isLoopback, passwordOf } from './addresses.js';

/** Everything the composition root needs to know, read once. Nothing else looks at the environment. */
export interface Config {
  readonly environment: 'development' | 'production';
  /** What this process does: `web` meets merchants and payers, `worker` sends and does what is due, `all` does both. */
  readonly role: Role;
  /** Where the processes of a cluster meet; null for a house of one process, with its database in `dataDir`. */
  readonly cluster: { readonly mongodbUrl: string; readonly redisUrl: string } | null;
  /** Port 0 lets the system choose; `listeningOn` then says which. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Flow versions that new attempts begin with instead of those that do by themselves, as `card@2`. */
  readonly litFlows: readonly string[];
  /** How the world reaches us: an origin without a slash at its end. */
  readonly publicUrl: string;
  /** Where telephones on the local network reach the pay page; null but for `npm start -- --lan`. */
  readonly lan: string | null;
  /** Whether the lab and the demo objects exist: in development, while the public address is loopback. */
  readonly lab: boolean;
  /** Absolute. */
  readonly dataDir: string;
  /** Where keys are kept that development makes on its first start; production refuses to start while they lie there. */
  readonly keyFiles: { readonly vault: string; readonly signing: string };
  /** Null: read from `keyFiles`, made there on the first start (development only). The first one writes. */
  readonly vaultKeys: readonly Key[] | null;
  readonly signingKeys: readonly Key[] | null;
  /** Null: our own sandbox, found or started in `dataDir`. */
  readonly sandboxUrl: string | null;
  /** Who holds the card, named beside who is paid. */
  readonly operator: { readonly name: string; readonly logo: Picture | null };
  /** Null: the lab's mailbox, where there is a lab. */
  readonly mailServer: MailServer | null;
  /** The address that mail comes from. */
  readonly mailFrom: string;
  /** Null: the lab's simulator, where there is a lab; elsewhere neither telephone nor texts. */
  readonly twilio: TwilioSettings | null;
  readonly payConnector: PayConnectorSettings;
  /** Codes of remote controls beside those that most boxes share. */
  readonly tvKeys: readonly TvKeyCode[];
  /** Proxies of our own in front, whose word about the caller's address is believed. */
  readonly trustedProxies: number;
  readonly log: { readonly level: LogLevel; readonly format: LogFormat };
  readonly limits: typeof LIMITS;
}

export const ROLES = ['web', 'worker', 'all'] as const;
export type Role = (typeof ROLES)[number];

/** Thrown with every problem at once, each with how to mend it; `message` is ready to be shown. */
export class ConfigProblem extends Error {
  override readonly name = 'ConfigProblem';
  readonly problems: readonly string[];
  /** Named by the same settings: something may be wrong there too. */
  readonly servers: Servers;

  constructor(problems: readonly string[], servers: Servers = { mongodbUrl: null, redisUrl: null }) {
    const count = problems.length === 1 ? 'One setting is' : `${problems.length} settings are`;
    super(`${count} not right, so Guichet does not start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
    this.servers = servers;
  }
}

/** The environment of a process that we start: our own, with these settings in the place of ours. */
export function environmentWith(settings: Readonly<Record<string, string>>): Record<string, string | undefined> {
  return { ...process.env, ...settings };
}

/**
 * Reads the configuration from environment variables; an empty one counts as unset. In development nothing is required.
 * @throws ConfigProblem naming everything that is wrong, missing or unsafe.
 */
export function readConfig(environment: Environment = process.env): Config {
  const problems: string[] = [];
  const given = givenSettings(environment, problems);
  problems.push(...missingInProduction(given), ...missingInCluster(given), ...missingOfTelephone(given));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) problems.push(`${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigProblem(problems, serversIn(given));
  }
  const config = configOf(parsed.data);
  if (config.environment === 'production') problems.push(...unsafeInProduction(config, given));
  problems.push(...keysInTwoPlaces(config.vaultKeys, config.signingKeys));
  problems.push(...tooLongForTexts(config.publicUrl, config.twilio, config.signingKeys));
  if (config.mailServer !== null && given['MAIL_FROM'] === undefined && config.environment === 'development') {
    problems.push(`MAIL_FROM: required with SMTP_URL; give ${FROM}`);
  }
  if (problems.length > 0) throw new ConfigProblem(problems, serversIn(given));
  return config;
}

/** The same configuration once the system has chosen the port: a public address that was derived follows. */
export function listeningOn(config: Config, port: number): Config {
  const derived = originOf(config.listen.host, config.listen.port);
  const publicUrl = config.publicUrl === derived ? originOf(config.listen.host, port) : config.publicUrl;
  return { ...config, listen: { ...config.listen, port }, publicUrl };
}

const KEYS = 'id:base64 of 32 bytes, comma-separated, the first one writes (npm run keys prints fresh ones)';
const keys = z.string().transform((value, context) => {
  const read = readKeys(value);
  if ('keys' in read) return read.keys;
  context.addIssue({ code: 'custom', message: `${read.problem}; give ${KEYS}` });
  return z.NEVER;
});

const SMTP = 'smtps://user:password@host:465 or smtp://user:password@host:587';
const FROM = 'an address alone, like pay@example.org';
const logoFile = z.string().transform((path, context) => {
  const picture = readLogo(path);
  if (picture !== null) return picture;
  context.addIssue({ code: 'custom', message: `cannot be used; give ${LOGO_FILE}` });
  return z.NEVER;
});

const schema = z.object({
  NODE_ENV: z
    .enum(['development', 'production', 'test'], 'give production, or leave it unset for development')
    .transform((value) => (value === 'production' ? 'production' : 'development'))
    .default('development'),
  ROLE: z.enum(ROLES, `give one of ${ROLES.join(', ')}`).default('all'),
  MONGODB_URL: z.string().refine(isMongodbUrl, `not an address of MongoDB; give ${MONGODB}`).optional(),
  MONGODB_URL_FILE: z.string().optional(),
  REDIS_URL: z.string().refine(isRedisUrl, `not an address of Redis; give ${REDIS}`).optional(),
  REDIS_URL_FILE: z.string().optional(),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'give a number from 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'give a number from 0 to 65535')
    .default(3000),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'give a host name or address to listen on, without port')
    .default('127.0.0.1'),
  PUBLIC_URL: origin.optional(),
  DATA_DIR: words(1_000).default('./data'),
  FLOWS: z
    .string()
    .regex(/^[a-z_]{1,40}@\d{1,4}(?:, ?[a-z_]{1,40}@\d{1,4})*$/, 'give flow versions like card@2, comma-separated')
    .transform((value) => value.split(/, ?/))
    .default([]),
  SANDBOX_URL: address('the address of a sandbox acquirer')
    .refine((value) => passwordOf(value) !== null, 'its password is not percent-encoded text')
    .transform((value) => value.replace(/\/+$/, ''))
    .optional(),
  VAULT_KEYS: keys.optional(),
  VAULT_KEYS_FILE: z.string().optional(),
  SIGNING_KEYS: keys.optional(),
  SIGNING_KEYS_FILE: z.string().optional(),
  SMTP_URL: z
    .string()
    .transform((value, context) => {
      const server = readMailServer(value);
      if (server !== null) return server;
      context.addIssue({ code: 'custom', message: `not the address of a mail server; give ${SMTP}` });
      return z.NEVER;
    })
    .optional(),
  SMTP_URL_FILE: z.string().optional(),
  MAIL_FROM: z.email(`not an address; give ${FROM}`).max(254).optional(),
  ...telephoneSettings,
  TV_KEYS: tvKeys.default([]),
  OPERATOR_NAME: words(60).default('Guichet'),
  OPERATOR_LOGO: logoFile.optional(),
  TRUSTED_PROXIES: z
    .string()
    .regex(/^\d$/, 'give how many proxies of your own stand in front, 0 to 9')
    .transform(Number)
    .default(0),
  LOG_LEVEL: z.enum(LOG_LEVELS, `give one of ${LOG_LEVELS.join(', ')}`).default('info'),
  LOG_FORMAT: z.enum(LOG_FORMATS, `give one of ${LOG_FORMATS.join(', ')}`).optional(),
});
type Settings = z.output<typeof schema>;

function configOf(settings: Settings): Config {
  const isProduction = settings.NODE_ENV === 'production';
  const publicUrl = settings.PUBLIC_URL ?? originOf(settings.HOST, settings.PORT);
  const dataDir = resolve(settings.DATA_DIR);
  return {
    environment: settings.NODE_ENV,
    role: settings.ROLE,
    cluster: clusterOf(settings),
    listen: { host: settings.HOST, port: settings.PORT },
    publicUrl,
    lan: null,
    litFlows: settings.FLOWS,
    // Whoever can reach the demo key can use it: it exists only where nobody but this machine can.
    lab: !isProduction && isLoopback(publicUrl) && isLoopback(originOf(settings.HOST, settings.PORT, 'itself')),
    dataDir,
    keyFiles: { vault: join(dataDir, 'vault.keys'), signing: join(dataDir, 'signing.keys') },
    vaultKeys: settings.VAULT_KEYS ?? null,
    signingKeys: settings.SIGNING_KEYS ?? null,
    sandboxUrl: settings.SANDBOX_URL ?? null,
    operator: { name: settings.OPERATOR_NAME, logo: settings.OPERATOR_LOGO ?? null },
    mailServer: settings.SMTP_URL ?? null,
    mailFrom: settings.MAIL_FROM ?? 'guichet@localhost',
    twilio: twilioOf(settings),
    payConnector: payConnectorOf(settings),
    tvKeys: settings.TV_KEYS,
    trustedProxies: settings.TRUSTED_PROXIES,
    log: { level: settings.LOG_LEVEL, format: settings.LOG_FORMAT ?? (isProduction ? 'json' : 'text') },
    limits: LIMITS,
  };
}

function clusterOf({ MONGODB_URL: mongodbUrl, REDIS_URL: redisUrl }: Settings): Config['cluster'] {
  return mongodbUrl === undefined || redisUrl === undefined ? null : { mongodbUrl, redisUrl };
}

/** What development makes or derives for itself and production must be given; looked for in what was not parsed yet. */
function missingInProduction(given: Given): string[] {
  if (given['NODE_ENV'] !== 'production') return [];
  const problems = given['PUBLIC_URL'] === undefined ? [`PUBLIC_URL: required in production; give ${ORIGIN}`] : [];
  for (const name of ['VAULT_KEYS', 'SIGNING_KEYS']) {
    const isNamed = given[name] !== undefined || given[`${name}_FILE`] !== undefined;
    if (!isNamed) problems.push(`${name}: required in production; give ${KEYS}, or ${name}_FILE`);
  }
  const hasServer = given['SMTP_URL'] !== undefined || given['SMTP_URL_FILE'] !== undefined;
  if (!hasServer) problems.push(`SMTP_URL: required in production; give ${SMTP}, or SMTP_URL_FILE`);
  if (given['MAIL_FROM'] === undefined) problems.push(`MAIL_FROM: required in production; give ${FROM}`);
  return problems;
}

/** What docker-compose.yml gives where nothing else is set: the sandbox's password, and its mail catcher. */
const DEVELOPMENT_PASSWORD = 'for-development-only';
const DEVELOPMENT_SMTP = 'smtp://mail:1025';

/** What development forgives and production does not. */
function unsafeInProduction(config: Config, given: Given): string[] {
  const problems: string[] = [];
  if (given['PUBLIC_URL'] !== undefined && !config.publicUrl.startsWith('https://')) {
    problems.push(`PUBLIC_URL: production takes payments over https only; give ${ORIGIN}`);
  }
  if (config.sandboxUrl !== null && passwordOf(config.sandboxUrl) === DEVELOPMENT_PASSWORD) {
    problems.push('SANDBOX_URL: has the password of development, which everybody knows; give it one of its own');
  }
  if (given['SMTP_URL'] === DEVELOPMENT_SMTP) {
    problems.push(`SMTP_URL: is development's mail catcher, which sends nothing; give ${SMTP}, or SMTP_URL_FILE`);
  }
  if (config.mailFrom.endsWith('.example')) {
    problems.push(`MAIL_FROM: an address of nobody, as development has it; give ${FROM}`);
  }
  for (const name of ['VAULT_KEYS_FILE', 'SIGNING_KEYS_FILE']) {
    const file = given[name];
    if (file !== undefined && isInside(config.dataDir, file)) {
      problems.push(`${name}: lies in DATA_DIR, beside the database it protects; keep keys elsewhere`);
    }
  }
  for (const file of Object.values(config.keyFiles).filter((path) => existsSync(path))) {
    const name = relative(config.dataDir, file);
    problems.push(`DATA_DIR: holds ${name} beside the database; move it away, and give keys by setting`);
  }
  return problems;
}

function isInside(folder: string, path: string): boolean {
  return !relative(folder, resolve(path)).startsWith('..');
}
