import type {
  WireAuthorization,
  WireCard,
  WireFollowUp,
  WireProof,
  WireRequest,
} from '../../acquirers/sandbox/protocol.js';
import { exponentOf } from '../../contracts/money.js';

/** Reads requests strictly: the sandbox refuses (null) what a real processor would, so that tests notice. */

const TEXT_MAX = 128;
const AMOUNT_SANE = 1_000_000_000_000;
const INITIATORS: readonly unknown[] = [
  'holder',
  'telephone_order',
  'merchant',
] satisfies WireAuthorization['initiator'][];

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for text of bounded length that is not empty. */
export function isText(value: unknown, lengthMax = TEXT_MAX): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= lengthMax;
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || isText(value);
}

export function readFollowUp(body: unknown): WireFollowUp | null {
  if (!isObject(body)) return null;
  const request = readRequest(body);
  const original = body['original'];
  if (request === null || !isObject(original)) return null;
  const { operation, reference } = original;
  if (!isText(operation) || !isTextOrNull(reference) || operation === request.operation) return null;
  return { ...request, original: { operation, reference } };
}

export function readAuthorization(body: unknown): WireAuthorization | null {
  if (!isObject(body)) return null;
  const request = readRequest(body);
  const card = readCard(body['card']);
  const authentication = body['authentication'] === null ? null : readProof(body['authentication']);
  const { capture, initiator, statement_descriptor } = body;
  if (request === null || card === null || authentication === undefined) return null;
  // An amount of 0 verifies a card: there is nothing to take.
  if (request.amount === 0 && capture !== false) return null;
  if (typeof capture !== 'boolean' || !isInitiator(initiator) || !isTextOrNull(statement_descriptor)) return null;
  return { ...request, capture, card, initiator, authentication, statement_descriptor };
}

function readRequest(body: Record<string, unknown>): WireRequest | null {
  const { operation, payment, merchant, amount, currency } = body;
  if (!isText(operation) || !isText(payment) || !isText(merchant)) return null;
  if (typeof amount !== 'number' || !Number.isInteger(amount) || amount < 0 || amount > AMOUNT_SANE) return null;
  if (typeof currency !== 'string' || exponentOf(currency) === undefined) return null;
  return { operation, payment, merchant, amount, currency };
}

function readCard(value: unknown): WireCard | null {
  if (!isObject(value)) return null;
  const { token, number, expiry_month, expiry_year, security_code } = value;
  if (isText(token)) return { token };
  if (typeof number !== 'string' || !/^\d{8,19}$/.test(number)) return null;
  if (typeof expiry_month !== 'number' || !Number.isInteger(expiry_month) || expiry_month < 1 || expiry_month > 12) {
    return null;
  }
  if (typeof expiry_year !== 'number' || !Number.isInteger(expiry_year) || expiry_year < 1970 || expiry_year > 9999) {
    return null;
  }
  if (security_code !== null && (typeof security_code !== 'string' || !/^\d{3,4}$/.test(security_code))) return null;
  return { number, expiry_month, expiry_year, security_code };
}

function readProof(value: unknown): WireProof | undefined {
  if (!isObject(value)) return undefined;
  const { method, result, eci, directory_server_transaction, version } = value;
  const secret = value['value'];
  if (!isText(method) || !isText(result) || !isTextOrNull(eci) || !isTextOrNull(secret)) return undefined;
  if (!isTextOrNull(directory_server_transaction) || !isTextOrNull(version)) return undefined;
  return { method, result, eci, value: secret, directory_server_transaction, version };
}

function isInitiator(value: unknown): value is WireAuthorization['initiator'] {
  return INITIATORS.includes(value);
}
