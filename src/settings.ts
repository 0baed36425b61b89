/** From the most to the least important. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
/** `json`: one object per line, for machines. `text`: one line per entry and indented stacks, for a person at a terminal. */
export const LOG_FORMATS = ['json', 'text'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** One environment variable, as the README's table and `.env.example` show it. */
export interface Setting {
  readonly name: string;
  /** What holds when it is unset, in words. */
  readonly byDefault: string;
  readonly meaning: string;
  /** May be given by file too, in a variable of the same name with `_FILE` behind; never printed. */
  readonly secret?: true;
}

/** Every setting there is, in the order people read them. */
export const SETTINGS: readonly Setting[] = [
  {
    name: 'NODE_ENV',
    byDefault: 'development',
    meaning: '`production`: no lab, no demo objects, https public address, real keys',
  },
  { name: 'PORT', byDefault: '3000', meaning: 'where it listens; 0 lets the system choose' },
  { name: 'HOST', byDefault: '127.0.0.1', meaning: 'the address it listens on' },
  {
    name: 'PUBLIC_URL',
    byDefault: 'from HOST and PORT',
    meaning:
      'how the world reaches it; required in production; where texts are sent, 50 characters at most with the name of the first signing key',
  },
  { name: 'DATA_DIR', byDefault: './data', meaning: 'SQLite file, keys made in development, ledger of the sandbox' },
  {
    name: 'ROLE',
    byDefault: 'all',
    meaning:
      'what this process of a cluster does: `web` meets merchants and payers, `worker` sends and does what is due, `all` both',
  },
  {
    name: 'MONGODB_URL',
    byDefault: 'unset',
    meaning: 'the store of a cluster, a replica set; with REDIS_URL it takes the place of the SQLite file',
    secret: true,
  },
  {
    name: 'REDIS_URL',
    byDefault: 'unset',
    meaning: 'what wakes the processes of a cluster; `maxmemory-policy noeviction`',
    secret: true,
  },
  {
    name: 'FLOWS',
    byDefault: 'the newest',
    meaning:
      'flow versions that new attempts begin with, as `card@2`, comma-separated: lights what a release ships dark',
  },
  { name: 'SANDBOX_URL', byDefault: 'its own', meaning: 'the sandbox acquirer, its credential as the password' },
  {
    name: 'VAULT_KEYS',
    byDefault: 'made in DATA_DIR in development',
    meaning:
      'keys that wrap card data: `id:base64 of 32 bytes`, comma-separated, the first one writes; required in production',
    secret: true,
  },
  {
    name: 'SIGNING_KEYS',
    byDefault: 'made in DATA_DIR in development',
    meaning: 'keys of page tokens, form nonces and codes, written alike; required in production',
    secret: true,
  },
  {
    name: 'OPERATOR_NAME',
    byDefault: 'Guichet',
    meaning: 'who holds the card: named on every page beside who is paid',
  },
  {
    name: 'OPERATOR_LOGO',
    byDefault: 'none',
    meaning: 'their logo: the path of a PNG, JPEG, WebP or SVG file of at most 12 kB',
  },
  {
    name: 'TRUSTED_PROXIES',
    byDefault: '0',
    meaning: 'how many proxies of your own stand in front: their `X-Forwarded-For` tells callers apart',
  },
  {
    name: 'SMTP_URL',
    byDefault: "the lab's own mailbox in development",
    meaning:
      'the mail server: `smtps://user:password@host:465`, or `smtp://…:587`, private as soon as it can be; `?tls=required` insists; required in production',
    secret: true,
  },
  {
    name: 'MAIL_FROM',
    byDefault: '`guichet@localhost` in development',
    meaning: 'the address that mail comes from; required in production',
  },
  { name: 'LOG_LEVEL', byDefault: 'info', meaning: '`error`, `warn`, `info` or `debug`' },
  { name: 'LOG_FORMAT', byDefault: '`json` in production, else `text`', meaning: 'lines for machines or for people' },
  {
    name: 'TWILIO_ACCOUNT_SID',
    byDefault: "the lab's simulator in development",
    meaning: 'the Twilio account that calls and texts go through; in production, without one there are none',
  },
  { name: 'TWILIO_AUTH_TOKEN', byDefault: 'unset', meaning: 'its secret, which signs webhooks', secret: true },
  {
    name: 'TWILIO_AUTH_TOKEN_SECONDARY',
    byDefault: 'unset',
    meaning: 'its second secret, during rotation',
    secret: true,
  },
  { name: 'TWILIO_VOICE_FROM', byDefault: 'unset', meaning: 'the number calls come from and go to' },
  {
    name: 'TWILIO_MESSAGING_FROM',
    byDefault: 'unset',
    meaning: 'the number, short code, sender name or messaging service (`MG…`) that texts come from',
  },
  {
    name: 'TWILIO_API_BASE_URL',
    byDefault: "Twilio's own",
    meaning: 'another server that speaks its REST API',
  },
  {
    name: 'PAY_CONNECTOR_USERNAME',
    byDefault: 'made on the first start in development',
    meaning: 'Basic credentials with which `<Pay>` reaches our pay connector; required beside an account',
  },
  {
    name: 'PAY_CONNECTOR_PASSWORD',
    byDefault: 'the same',
    meaning: 'and their secret, at least 16 characters',
    secret: true,
  },
  { name: 'TWILIO_PAY_CONNECTOR', byDefault: '`Default`', meaning: 'the name of our connector at Twilio' },
  {
    name: 'TV_KEYS',
    byDefault: 'what most boxes share',
    meaning:
      'key codes of remote controls beside those, as `RED=420`, comma-separated; `Hisense:RED=420` for boxes whose User-Agent has that word',
  },
];
