import type { Clock } from '../../../contracts/clock.js';
import type { Ids } from '../../../contracts/ids.js';
import { maskedNumber } from '../masking.js';
import type { PayConnector } from '../options.js';
import type { Errands } from '../wire/errand.js';
import type { Exchanges } from '../wire/exchanges.js';
import type { Params } from '../wire/signature.js';
import type { Keyed } from './card_entries.js';

/** What is wanted from the connector. */
export interface Wanted {
  readonly callSid: string;
  readonly keyed: Keyed;
  /** Null: only a token is wanted. */
  readonly charge: { readonly amount: string; readonly currency: string } | null;
  readonly description: string | null;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What the action of the `Pay` is told of it. */
export interface ConnectorResult {
  readonly result: 'success' | 'payment-connector-error';
  readonly params: Params;
}

export interface Connectors {
  /** Null: there is no connector of this name. */
  ask(name: string, wanted: Wanted): Promise<ConnectorResult> | null;
}

const PATIENCE_MS = 10_000;
const RETRIES = 5;
const MALFORMED = 'Got malformed response from Payment Provider';

/**
 * Generic pay connectors: JSON under HTTP Basic; ten seconds for an answer, then up to five retries, all with the same
 * `transaction_id`.
 */
export function createConnectors(ports: {
  connectors: Readonly<Record<string, PayConnector>>;
  errands: Errands;
  exchanges: Exchanges;
  clock: Clock;
  ids: Ids;
}): Connectors {
  const { connectors, errands, exchanges, clock, ids } = ports;

  async function ask({ url, username, password }: PayConnector, wanted: Wanted): Promise<ConnectorResult> {
    const message = messageOf(wanted, uuidOf(ids));
    const login = Buffer.from(`${username}:${password}`).toString('base64');
    for (let attempt = 1; attempt <= 1 + RETRIES; attempt += 1) {
      const at = clock.now();
      const returned = await errands.run({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Basic ${login}` },
        body: JSON.stringify(message),
        connectMs: PATIENCE_MS,
        readMs: PATIENCE_MS,
        deadline: at + PATIENCE_MS,
      });
      const isAnswer = returned.got === 'answer';
      exchanges.keep({
        ...{ at, kind: 'connector', about: wanted.callSid, method: 'POST', url, params: shown(message) },
        ...{ signature: null, idempotencyToken: message['transaction_id'] as string, attempt },
        status: isAnswer ? returned.status : null,
        contentType: isAnswer ? (returned.headers['content-type'] ?? null) : null,
        answer: isAnswer ? returned.body : returned.reason,
        ms: clock.now() - at,
      });
      if (isAnswer) return returned.status === 200 ? read(returned.body, wanted) : failed(MALFORMED);
    }
    return failed('Payment Provider did not answer in time');
  }

  return {
    ask(name, wanted) {
      const connector = Object.hasOwn(connectors, name) ? connectors[name] : undefined;
      return connector === undefined ? null : ask(connector, wanted);
    },
  };
}

function messageOf({ keyed, charge, description, parameters }: Wanted, transaction: string): Record<string, unknown> {
  return {
    method: charge === null ? 'tokenize' : 'charge',
    transaction_id: transaction,
    cardnumber: keyed.number,
    ...(keyed.securityCode === '' ? {} : { cvv: keyed.securityCode }),
    ...(charge === null
      ? {}
      : { amount: oneDecimalAtLeast(charge.amount), currency_code: charge.currency.toUpperCase() }),
    expiry_month: keyed.expiry.slice(0, 2),
    expiry_year: keyed.expiry.slice(2),
    ...(description === null ? {} : { description }),
    ...(keyed.postalCode === '' ? {} : { postal_code: keyed.postalCode }),
    parameters,
  };
}

/** As Twilio writes amounts: `10.00` as `10.0`, `42.50` as `42.5`. */
function oneDecimalAtLeast(amount: string): string {
  const [whole = '', decimals = ''] = amount.split('.');
  return `${whole}.${decimals.replace(/0+$/, '') || '0'}`;
}

/** The message as it may be kept. */
function shown(message: Readonly<Record<string, unknown>>): Record<string, string> {
  const fields = Object.entries(message).map(([name, value]): [string, string] => {
    if (name === 'cardnumber') return [name, maskedNumber(String(value))];
    if (name === 'cvv') return [name, '***'];
    return [name, typeof value === 'string' ? value : JSON.stringify(value)];
  });
  return Object.fromEntries(fields);
}

function read(body: string, { charge }: Wanted): ConnectorResult {
  let answer: Record<string, unknown>;
  try {
    answer = JSON.parse(body) as Record<string, unknown>;
  } catch {
    return failed(MALFORMED);
  }
  if (typeof answer !== 'object' || answer === null || !('error_code' in answer)) return failed(MALFORMED);
  const { error_code: code, error_message: message, parameters } = answer;
  const further = furtherParams(parameters);
  if (code !== null) {
    const told: Params = [['ConnectorError', String(code)], ['PaymentError', String(message ?? code)], ...further];
    return { result: 'payment-connector-error', params: told };
  }
  const reference = answer[charge === null ? 'token_id' : 'charge_id'];
  if (typeof reference !== 'string' || reference === '') return failed(MALFORMED);
  const name = charge === null ? 'PaymentToken' : 'PaymentConfirmationCode';
  return { result: 'success', params: [[name, reference], ...further] };
}

function furtherParams(parameters: unknown): [string, string][] {
  if (typeof parameters !== 'object' || parameters === null) return [];
  return Object.entries(parameters).map(([name, value]) => [`PayConnector_${name}`, String(value)]);
}

function failed(error: string): ConnectorResult {
  return { result: 'payment-connector-error', params: [['PaymentError', error]] };
}

function uuidOf(ids: Ids): string {
  const hex = Buffer.from(ids.token(128), 'base64url').toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
