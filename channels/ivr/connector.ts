import express, { type Request, type RequestHandler, type Response } from 'express';
import type { KeyedCard } from '../../src/contracts/calls.js';
import type { IvrPorts } from './ports.js';

const BODY_BYTES_MAX = 8_192;
const FIELD_LENGTH_MAX = 200;

/**
 * `POST /ivr/pay-connector`: the provider's generic pay connector. Card digits come here and nowhere else, over its Basic
 * credentials, and go straight into the vault; the body is neither kept nor named in any word of the log. A refusal is an
 * `error_code` with 200, as its contract wants it. What is answered pays nothing by itself.
 */
export function payConnector({
  keyedCards,
  isConnector,
  log,
}: Pick<IvrPorts, 'keyedCards' | 'isConnector' | 'log'>): RequestHandler[] {
  async function answerTo(body: Buffer): Promise<ConnectorAnswer> {
    const card = cardIn(body);
    if (typeof card === 'string') return refusal(card);
    const kept = await keyedCards.keep(card);
    return 'pass' in kept ? { token_id: kept.pass, error_code: null, error_message: null } : refusal(kept.refused);
  }

  return [
    (request, response, next) => {
      const given = credentialsOf(request);
      if (given !== null && isConnector(...given)) return next();
      response.setHeader('WWW-Authenticate', 'Basic realm="pay connector"');
      answer(response, 401, refusal('unauthorized'));
    },
    express.raw({ type: () => true, limit: BODY_BYTES_MAX, inflate: false }),
    async (request, response) => {
      const body: unknown = request.body;
      const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
      try {
        answer(response, 200, await answerTo(bytes));
      } catch (error) {
        log.error('a keyed card was not taken', { error });
        answer(response, 200, refusal('try_again'));
      } finally {
        bytes.fill(0);
      }
    },
  ];
}

interface ConnectorAnswer {
  readonly token_id: string | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
}

function refusal(code: string): ConnectorAnswer {
  return { token_id: null, error_code: code, error_message: code.replaceAll('_', ' ') };
}

function answer(response: Response, status: number, body: ConnectorAnswer): void {
  response.status(status).setHeader('Cache-Control', 'no-store').json(body);
}

function credentialsOf({ headers }: Request): [username: string, password: string] | null {
  const [, encoded] = /^Basic ([A-Za-z0-9+/]{1,800}={0,2})$/i.exec(headers.authorization ?? '') ?? [];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? null : [text.slice(0, colon), text.slice(colon + 1)];
}

/** The card in a request, or the code of what is wrong with it. Amounts are ours alone: nothing is charged here. */
function cardIn(body: Buffer): KeyedCard | 'bad_request' | 'method_not_supported' {
  const given = objectIn(body.toString('utf8'));
  if (given === null) return 'bad_request';
  if (given['method'] !== 'tokenize') return 'method_not_supported';
  const parameters = given['parameters'];
  const ours: object = typeof parameters === 'object' && parameters !== null ? parameters : {};
  const text = (from: object, name: string): string => {
    const value: unknown = Object.hasOwn(from, name) ? Reflect.get(from, name) : '';
    return typeof value === 'string' && value.length <= FIELD_LENGTH_MAX ? value : '';
  };
  const card: KeyedCard = {
    transaction: text(given, 'transaction_id'),
    call: text(ours, 'call'),
    payment: text(ours, 'payment'),
    prompt: text(ours, 'prompt'),
    number: text(given, 'cardnumber'),
    expiryMonth: text(given, 'expiry_month'),
    expiryYear: text(given, 'expiry_year'),
    securityCode: text(given, 'cvv'),
  };
  const isNamed = [card.transaction, card.call, card.payment, card.prompt].every((value) => value !== '');
  return isNamed ? card : 'bad_request';
}

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    // Not JSON: what the parser says of it would quote it.
    return null;
  }
}
