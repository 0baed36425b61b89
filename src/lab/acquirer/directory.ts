import {
  type AuthenticationResponse,
  MESSAGE_VERSION,
  uuidOf,
  type VersionsAnswer,
} from '../../acquirers/sandbox/three_d_secure.js';
import type { Clock } from '../../contracts/clock.js';
import type { Ids } from '../../contracts/ids.js';
import { exponentOf } from '../../contracts/money.js';
import type { Group } from '../../store/sqlite/group.js';
import { type AuthenticationRow, type Authentications, eciOf, releasedValueOf, statusOf } from './authentications.js';
import { findCard } from './cards.js';
import type { Faults } from './faults.js';
import { authenticationValueOf } from './issuer.js';
import { cut, garbage, json, late, type Reply, unavailable } from './reply.js';
import { isObject, isText } from './requests.js';

/** The directory server, and the issuer's decision behind it. */
export interface Directory {
  /** Which version a card takes, and where its issuer looks at the browser first. */
  versions(body: unknown): Reply;
  /** AReq in, ARes out; the same transaction is answered the same. */
  authenticate(body: unknown): Promise<Reply>;
  /** How a transaction stands. */
  result(transaction: string): Reply;
}

const CHALLENGE_MS = 10 * 60_000;
const URL_MAX = 2_048;

export function createDirectory(ports: {
  authentications: Authentications;
  group: Group;
  faults: Faults;
  clock: Clock;
  ids: Ids;
  issuerKey: string;
  slowMs: number;
  /** Where browsers reach this server. */
  publicUrl: string;
}): Directory {
  const { authentications, clock, ids } = ports;

  function rowOf(request: AuthenticationAsked): AuthenticationRow {
    const { acctNumber, threeDSServerTransID, amount, purchaseCurrency } = request;
    const transaction = newTransaction(ids);
    const authentication = findCard(acctNumber)?.behaviour.authentication ?? 'Y';
    return {
      id: threeDSServerTransID,
      acs_transaction: newTransaction(ids),
      directory_server_transaction: transaction,
      reference: request.reference,
      // A card of somebody else's cannot be authenticated here.
      status: findCard(acctNumber) === undefined || authentication === 'down' ? 'U' : authentication,
      scheme: /^(5[1-5]|2[2-7])/.test(acctNumber) ? 'mastercard' : 'visa',
      value_if_authenticated: authenticationValueOf(ports.issuerKey, {
        transaction,
        account: acctNumber,
        amount,
        currency: purchaseCurrency,
      }),
      amount,
      currency: purchaseCurrency,
      last4: acctNumber.slice(-4),
      merchant_name: request.merchantName,
      language: request.browserLanguage,
      result_url: request.threeDSServerURL,
      notification_url: request.notificationURL,
      wrong_codes: 0,
      expires_at: clock.now() + CHALLENGE_MS,
    };
  }

  function responseTo(row: AuthenticationRow): AuthenticationResponse {
    const status = statusOf(row, clock.now());
    return {
      messageType: 'ARes',
      messageVersion: MESSAGE_VERSION,
      threeDSServerTransID: row.id,
      dsTransID: row.directory_server_transaction,
      acsTransID: row.acs_transaction,
      transStatus: status,
      eci: eciOf(row.scheme, status),
      authenticationValue: releasedValueOf(row, status),
      ...(status === 'C' ? { acsURL: `${ports.publicUrl}/acs/challenge` } : {}),
    };
  }

  return {
    versions(body) {
      if (!isObject(body) || !isText(body['acctNumber'])) return json(400, { error: 'invalid_request' });
      const behaviour = findCard(body['acctNumber'])?.behaviour ?? {};
      if (behaviour.authentication === 'down') return unavailable;
      const answer: VersionsAnswer = {
        supportedVersions: [MESSAGE_VERSION],
        threeDSMethodURL: behaviour.deviceCheck ? `${ports.publicUrl}/acs/method` : null,
      };
      return json(200, answer);
    },

    async authenticate(body) {
      const request = readRequest(body);
      if (request === null) return json(400, { error: 'invalid_request' });
      const fault = ports.faults.take('authenticate', null);
      const isDown = findCard(request.acctNumber)?.behaviour.authentication === 'down';
      if (isDown || fault === 'down') return unavailable;
      if (fault === 'lost_request') return cut;
      const row = await ports.group.run(() => authentications.keep(rowOf(request)));
      const reply = json(200, responseTo(row));
      if (fault === 'slow') return late(reply, clock.now() + ports.slowMs);
      if (fault === 'lost_answer') return cut;
      return fault === 'garbage' ? garbage : reply;
    },

    result(transaction) {
      const row = authentications.find(transaction);
      return row === null ? json(404, { error: 'not_found' }) : json(200, responseTo(row));
    },
  };
}

/** A transaction id of our own, of 128 bits. */
function newTransaction(ids: Ids): string {
  return uuidOf(Buffer.from(ids.token(128), 'base64url'));
}

interface AuthenticationAsked {
  readonly threeDSServerTransID: string;
  readonly acctNumber: string;
  readonly amount: number;
  readonly purchaseCurrency: string;
  readonly merchantName: string;
  readonly threeDSServerURL: string;
  readonly notificationURL: string;
  readonly browserLanguage: string | null;
  readonly reference: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads an AReq as strictly as a directory server does; null for what is not one. */
function readRequest(body: unknown): AuthenticationAsked | null {
  if (!isObject(body) || body['messageType'] !== 'AReq' || body['messageVersion'] !== MESSAGE_VERSION) return null;
  if (body['deviceChannel'] !== '02' || body['messageCategory'] !== '01') return null;
  const { threeDSServerTransID, acctNumber, purchaseAmount, purchaseCurrency, merchantName } = body;
  const { threeDSServerURL, notificationURL, threeDSCompInd, browserLanguage, messageExtension } = body;
  if (!isText(threeDSServerTransID) || !UUID.test(threeDSServerTransID) || !isText(acctNumber)) return null;
  if (typeof purchaseAmount !== 'string' || !/^\d{1,12}$/.test(purchaseAmount)) return null;
  if (typeof purchaseCurrency !== 'string' || exponentOf(purchaseCurrency) === undefined) return null;
  if (threeDSCompInd !== 'Y' && threeDSCompInd !== 'N' && threeDSCompInd !== 'U') return null;
  if (!isText(merchantName) || !isWebAddress(threeDSServerURL) || !isWebAddress(notificationURL)) return null;
  const extension =
    Array.isArray(messageExtension) && isObject(messageExtension[0]) ? messageExtension[0]['data'] : null;
  if (!isObject(extension) || !isText(extension['reference'])) return null;
  return {
    threeDSServerTransID,
    acctNumber,
    amount: Number(purchaseAmount),
    purchaseCurrency,
    merchantName,
    threeDSServerURL,
    notificationURL,
    browserLanguage: isText(browserLanguage, 35) ? browserLanguage : null,
    reference: extension['reference'],
  };
}

/** True for an http or https address of bounded length. */
export function isWebAddress(value: unknown): value is string {
  if (!isText(value, URL_MAX) || !URL.canParse(value)) return false;
  const { protocol } = new URL(value);
  return protocol === 'http:' || protocol === 'https:';
}
