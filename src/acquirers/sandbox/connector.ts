import type {
  Acquirer,
  AuthorizeCall,
  Call,
  CardData,
  FollowUpCall,
  InquiryOutcome,
  Outcome,
} from '../../contracts/acquirer.js';
import type { Clock } from '../../contracts/clock.js';
import type { Log } from '../../contracts/log.js';
import type { OperationType } from '../../contracts/payment.js';
import { createHttpCaller, type HttpAnswer, type HttpCaller } from '../http.js';
import { DECLINES, isDeclineCode } from './declines.js';
import {
  NOTIFICATION_SIGNATURE,
  PATHS,
  sameSecret,
  signatureOf,
  type WireAnswer,
  type WireAuthorization,
  type WireCard,
  type WireFollowUp,
  type WireRequest,
} from './protocol.js';

export interface SandboxAcquirer extends Acquirer {
  /** Reads a notification; null for what the sandbox did not sign. A hint only: inquire to learn the outcome. */
  readNotification(headers: Headers, rawBody: Uint8Array): { payment: string; operation: string } | null;
  /** Closes idle connections. */
  close(): void;
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const DEADLINE_MS = 3_000;
const HORIZON_MS = 10_000;
const HOLD_MS = 7 * 24 * 3_600_000;
const NOTIFICATION_BYTES_MAX = 4_096;

/**
 * The sandbox acquirer, seen from our side. `url` is asked at each call, for another process may have taken the
 * sandbox over; `credential` is the bearer secret they share, from which signing keys are derived.
 */
export function createSandboxAcquirer(ports: {
  url: () => string;
  credential: string;
  clock: Clock;
  log: Log;
  http?: HttpCaller;
}): SandboxAcquirer {
  const http = ports.http ?? createHttpCaller({ clock: ports.clock });
  const authorization = `Bearer ${ports.credential}`;

  async function perform(type: OperationType, call: Call, body: WireRequest): Promise<Outcome> {
    const answer = await http.call({
      method: 'POST',
      url: ports.url() + PATHS[type],
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      deadline: call.deadline,
      mayStillSend: () => call.mayStillSend(),
    });
    if (answer.got === 'not_sent') return { outcome: 'not_sent', reason: answer.reason };
    const outcome = understood(answer, call, type);
    if (outcome.outcome === 'unknown') {
      ports.log.warn('sandbox answer not understood', { payment: call.payment, operation: call.operation, ...outcome });
    }
    return outcome;
  }

  const follow = (type: Exclude<OperationType, 'authorize'>) => (call: FollowUpCall) =>
    perform(type, call, followUpOf(call));

  return {
    name: 'sandbox',
    deadlineMs: DEADLINE_MS,
    horizonMs: HORIZON_MS,
    holdMs: HOLD_MS,
    purchase: true,
    authorize: (call) => perform('authorize', call, authorizationOf(call)),
    capture: follow('capture'),
    capturePart: follow('capture'),
    void: follow('void'),
    refund: follow('refund'),
    reverse: follow('reverse'),

    async inquire(call): Promise<InquiryOutcome> {
      const answer = await http.call({
        method: 'GET',
        url: `${ports.url()}/operations/${encodeURIComponent(call.operation)}`,
        headers: { authorization },
        body: null,
        deadline: call.deadline,
        mayStillSend: () => call.mayStillSend(),
      });
      // An inquiry that was not sent says nothing about the operation, least of all that that was not sent.
      if (answer.got === 'not_sent') return { outcome: 'unknown', reason: `inquiry_${answer.reason}` };
      return inquiryOf(answer, call);
    },

    readNotification(headers, rawBody) {
      const signature = headers[NOTIFICATION_SIGNATURE];
      if (typeof signature !== 'string' || rawBody.byteLength > NOTIFICATION_BYTES_MAX) return null;
      const text = Buffer.from(rawBody).toString('utf8');
      if (!sameSecret(signature, signatureOf(ports.credential, 'notification', text))) return null;
      const { payment, operation } = objectOf(text) ?? {};
      return typeof payment === 'string' && typeof operation === 'string' ? { payment, operation } : null;
    },

    close: () => http.close(),
  };
}

function requestOf(call: Call): WireRequest {
  const { operation, payment, merchant, money } = call;
  return { operation, payment, merchant, amount: money.amount, currency: money.currency };
}

function followUpOf(call: FollowUpCall): WireFollowUp {
  const { operation, reference } = call.original;
  return { ...requestOf(call), original: { operation, reference } };
}

function authorizationOf(call: AuthorizeCall): WireAuthorization {
  const proof = call.authentication;
  return {
    ...requestOf(call),
    capture: call.capture,
    card: wireCard(call.card),
    initiator: call.initiator,
    authentication: proof && {
      method: proof.method,
      result: proof.result,
      eci: proof.eci,
      value: proof.value,
      directory_server_transaction: proof.directoryServerTransaction,
      version: proof.version,
    },
    statement_descriptor: call.statementDescriptor,
  };
}

function wireCard(card: CardData): WireCard {
  if (card.kind === 'acquirer_token') return { token: card.token };
  return {
    number: card.number,
    expiry_month: card.expiryMonth,
    expiry_year: card.expiryYear,
    security_code: card.securityCode,
  };
}

/** Reads the answer to an operation. Only a complete answer that echoes the call is an outcome. */
function understood(answer: Exclude<HttpAnswer, { got: 'not_sent' }>, call: Call, type: OperationType | null): Outcome {
  const read = readAnswer(answer, call, type);
  if ('outcome' in read) return read;
  // Refused because a reversal came first: nothing is taken.
  return read.status === 'reversed' ? declined('reversed', read) : outcomeOf(read);
}

function inquiryOf(answer: Exclude<HttpAnswer, { got: 'not_sent' }>, call: Call): InquiryOutcome {
  if (answer.got === 'answer' && answer.status === 404) {
    const body = objectOf(answer.body);
    // Only the sandbox itself may say so: a 404 of something in between says nothing.
    if (body?.['status'] === 'not_found' && body['operation'] === call.operation) return { outcome: 'not_found' };
  }
  const read = readAnswer(answer, call, null);
  if ('outcome' in read) return read;
  return read.status === 'reversed' ? { outcome: 'reversed', reference: read.reference } : outcomeOf(read);
}

function outcomeOf(read: WireAnswer): Outcome {
  if (read.status === 'pending') return { outcome: 'pending', reference: read.reference };
  if (read.status === 'declined') return declined(read.code, read);
  return {
    outcome: 'approved',
    reference: read.reference,
    ...(read.authorization_code === null ? {} : { authorizationCode: read.authorization_code }),
    money: { amount: read.amount, currency: read.currency },
    ...(read.captured ? { captured: true } : {}),
    ...(read.hold_until === null ? {} : { holdUntil: read.hold_until }),
  };
}

/** A code that is not in the table was not understood: it stays pending under its reference. */
function declined(code: string | null, read: WireAnswer): Outcome {
  if (!isDeclineCode(code)) return { outcome: 'pending', reference: read.reference };
  return {
    outcome: 'declined',
    code,
    acquirerCode: read.acquirer_code ?? DECLINES[code].acquirerCode,
    advice: DECLINES[code].advice,
    reference: read.reference,
  };
}

function readAnswer(
  answer: Exclude<HttpAnswer, { got: 'not_sent' }>,
  call: Call,
  type: OperationType | null,
): WireAnswer | { outcome: 'unknown'; reason: string } {
  if (answer.got === 'no_answer') return { outcome: 'unknown', reason: answer.reason };
  if (answer.status !== 200) return { outcome: 'unknown', reason: `status_${answer.status}` };
  const body = objectOf(answer.body);
  if (body === null || !isAnswer(body)) return { outcome: 'unknown', reason: 'answer_not_understood' };
  if (body.operation !== call.operation) return { outcome: 'unknown', reason: 'answer_to_another_operation' };
  if (type !== null && body.type !== type) return { outcome: 'unknown', reason: 'answer_to_another_operation' };
  return body;
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

const STATUSES: readonly unknown[] = ['approved', 'declined', 'pending', 'reversed'] satisfies WireAnswer['status'][];

function isAnswer(body: Record<string, unknown>): body is Record<string, unknown> & WireAnswer {
  const textOrNull = (value: unknown) => value === null || typeof value === 'string';
  return (
    typeof body['operation'] === 'string' &&
    typeof body['type'] === 'string' &&
    Object.hasOwn(PATHS, body['type']) &&
    STATUSES.includes(body['status']) &&
    typeof body['reference'] === 'string' &&
    body['reference'] !== '' &&
    Number.isSafeInteger(body['amount']) &&
    typeof body['currency'] === 'string' &&
    typeof body['captured'] === 'boolean' &&
    (body['hold_until'] === null || Number.isSafeInteger(body['hold_until'])) &&
    [body['authorization_code'], body['code'], body['acquirer_code']].every(textOrNull)
  );
}
