import type { CardData } from '../../contracts/acquirer.js';
import type { AuthenticateCall, AuthenticationAnswer, Authenticator } from '../../contracts/authentication.js';
import type { Clock } from '../../contracts/clock.js';
import type { Log } from '../../contracts/log.js';
import { createHttpCaller, type HttpCaller } from '../http.js';
import { sameSecret } from './protocol.js';
import {
  type AuthenticationRequest,
  type ChallengeRequest,
  extensionOf,
  MESSAGE_VERSION,
  resultSignature,
  TRANSACTION_STATUSES,
  type TransactionStatus,
  throughBrowser,
  transactionOf,
} from './three_d_secure.js';

const DEADLINE_MS = 5_000;

type Fields = Readonly<Record<string, unknown>>;
type Unavailable = Extract<AuthenticationAnswer, { answer: 'unavailable' }>;

/**
 * The 3-D Secure server's part, spoken with the sandbox's directory server. Keeps nothing: the transaction id derives
 * from the authentication's own identity. The device check's frame is sent back to `returnUrl`, as a challenge is: the
 * one posts `threeDSMethodData` there, the other `cres`.
 */
export function createSandboxAuthenticator(ports: {
  url: () => string;
  credential: string;
  clock: Clock;
  log: Log;
  http?: HttpCaller;
}): Authenticator & { close(): void } {
  const http = ports.http ?? createHttpCaller({ clock: ports.clock });

  async function exchange(path: string, message: object | null, deadline: number): Promise<Fields | Unavailable> {
    const answer = await http.call({
      method: message === null ? 'GET' : 'POST',
      url: ports.url() + path,
      headers: { authorization: `Bearer ${ports.credential}`, 'content-type': 'application/json' },
      body: message === null ? null : JSON.stringify(message),
      deadline,
      mayStillSend: () => true,
    });
    if (answer.got !== 'answer') return unavailable(answer.reason);
    if (answer.status !== 200) return unavailable(`status_${answer.status}`);
    return objectOf(answer.body) ?? unavailable('answer_not_understood');
  }

  async function authenticate(call: AuthenticateCall): Promise<AuthenticationAnswer> {
    const transaction = transactionOf(call.authentication);
    if (call.deviceCheck === null) {
      const card = { acctNumber: accountOf(call.card), threeDSServerTransID: transaction };
      const versions = await exchange('/3ds/versions', card, call.deadline);
      if (isUnavailable(versions)) return versions;
      const url = versions['threeDSMethodURL'];
      if (typeof url === 'string') return deviceCheck(url, transaction, call.returnUrl);
      if (url !== null) return unavailable('answer_not_understood');
    }
    const response = await exchange('/3ds/authentications', requestOf(call, transaction), call.deadline);
    if (isUnavailable(response)) return response;
    if (response['messageType'] !== 'ARes' || response['threeDSServerTransID'] !== transaction) {
      return unavailable('answer_not_understood');
    }
    return answerOf(response);
  }

  return {
    name: 'sandbox',
    deadlineMs: DEADLINE_MS,
    authenticate,

    async inquire(call) {
      const transaction = transactionOf(call.authentication);
      const result = await exchange(`/3ds/results/${transaction}`, null, call.deadline);
      if (isUnavailable(result)) return result;
      if (result['threeDSServerTransID'] !== transaction) return unavailable('answer_not_understood');
      return result['transStatus'] === 'C' ? { answer: 'waiting' } : answerOf(result);
    },

    readResult(message) {
      const result = signedResult(ports.credential, message);
      if (result === null) return null;
      const answer = answerOf(result.fields);
      return answer.answer === 'final' ? { authentication: result.reference, answer } : null;
    },

    close: () => http.close(),
  };
}

function deviceCheck(url: string, transaction: string, notificationUrl: string): AuthenticationAnswer {
  const data = throughBrowser({ threeDSServerTransID: transaction, threeDSMethodNotificationURL: notificationUrl });
  return { answer: 'device_check', url, data };
}

function requestOf(call: AuthenticateCall, transaction: string): AuthenticationRequest {
  const { browser, card } = call;
  const text = (value: number | null) => (value === null ? undefined : String(value));
  const wanted = {
    browserIP: browser.ip ?? undefined,
    browserLanguage: browser.language ?? undefined,
    browserColorDepth: text(browser.colorDepth),
    browserScreenHeight: text(browser.screenHeight),
    browserScreenWidth: text(browser.screenWidth),
    browserTZ: text(browser.timezoneOffset),
    cardExpiryDate: card.kind === 'card' ? expiryOf(card) : undefined,
  };
  return {
    messageType: 'AReq',
    messageVersion: MESSAGE_VERSION,
    deviceChannel: '02',
    messageCategory: '01',
    threeDSServerTransID: transaction,
    threeDSServerURL: call.resultUrl,
    notificationURL: call.returnUrl,
    threeDSCompInd: call.deviceCheck ?? 'U',
    acctNumber: accountOf(card),
    purchaseAmount: String(call.money.amount),
    purchaseCurrency: call.money.currency,
    acquirerMerchantID: call.merchant.id,
    merchantName: call.merchant.name,
    browserAcceptHeader: browser.acceptHeader,
    browserUserAgent: browser.userAgent,
    browserJavascriptEnabled: browser.javascriptEnabled,
    browserJavaEnabled: false,
    messageExtension: [extensionOf(call.authentication)],
    ...withoutUndefined(wanted),
  };
}

function accountOf(card: CardData): string {
  return card.kind === 'card' ? card.number : card.token;
}

/** YYMM. */
function expiryOf(card: { expiryMonth: number; expiryYear: number }): string {
  return String(card.expiryYear % 100).padStart(2, '0') + String(card.expiryMonth).padStart(2, '0');
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(fields: T): Defined<T> {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as Defined<T>;
}

/** What an ARes, an RReq or the answer to an inquiry says. */
function answerOf(message: Fields): AuthenticationAnswer {
  const { transStatus, eci, authenticationValue, dsTransID, messageVersion } = message as Record<string, unknown>;
  if (!isStatus(transStatus) || messageVersion !== MESSAGE_VERSION) return unavailable('answer_not_understood');
  if (transStatus === 'C') return challengeOf(message);
  return {
    answer: 'final',
    result: transStatus,
    eci: textOrNull(eci),
    value: textOrNull(authenticationValue),
    directoryServerTransaction: textOrNull(dsTransID),
    version: messageVersion,
  };
}

function challengeOf(message: Fields): AuthenticationAnswer {
  const { acsURL, acsTransID, threeDSServerTransID } = message as Record<string, unknown>;
  if (typeof acsURL !== 'string' || typeof acsTransID !== 'string' || typeof threeDSServerTransID !== 'string') {
    return unavailable('answer_not_understood');
  }
  const request: ChallengeRequest = {
    messageType: 'CReq',
    messageVersion: MESSAGE_VERSION,
    threeDSServerTransID,
    acsTransID,
    challengeWindowSize: '05',
  };
  return { answer: 'challenge', url: acsURL, creq: throughBrowser(request) };
}

/** An RReq that the directory server signed and that belongs to the authentication it names; else null. */
function signedResult(credential: string, message: unknown): { fields: Fields; reference: string } | null {
  if (!isObject(message) || message['messageType'] !== 'RReq') return null;
  const extensions = message['messageExtension'];
  const data = Array.isArray(extensions) && isObject(extensions[0]) ? extensions[0]['data'] : null;
  if (!isObject(data)) return null;
  const { reference, signature } = data;
  if (typeof reference !== 'string' || typeof signature !== 'string') return null;
  const { threeDSServerTransID, dsTransID, acsTransID, transStatus } = message;
  if (typeof threeDSServerTransID !== 'string' || typeof dsTransID !== 'string') return null;
  if (typeof acsTransID !== 'string' || !isStatus(transStatus) || transStatus === 'C') return null;
  const eci = textOrNull(message['eci']);
  const authenticationValue = textOrNull(message['authenticationValue']);
  const fields = { threeDSServerTransID, dsTransID, acsTransID, transStatus, eci, authenticationValue };
  if (!sameSecret(signature, resultSignature(credential, fields, reference))) return null;
  if (threeDSServerTransID !== transactionOf(reference)) return null;
  return { fields: { ...fields, messageVersion: message['messageVersion'] }, reference };
}

function unavailable(reason: string): Unavailable {
  return { answer: 'unavailable', reason };
}

function isUnavailable(value: Fields | Unavailable): value is Unavailable {
  return value['answer'] === 'unavailable';
}

function isStatus(value: unknown): value is TransactionStatus {
  return (TRANSACTION_STATUSES as readonly unknown[]).includes(value);
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
