import type { HttpCaller } from '../../acquirers/http.js';
import {
  type ChallengeResponse,
  extensionOf,
  fromBrowser,
  MESSAGE_VERSION,
  type ResultRequest,
  resultSignature,
  throughBrowser,
} from '../../acquirers/sandbox/three_d_secure.js';
import type { Clock } from '../../contracts/clock.js';
import type { Ids } from '../../contracts/ids.js';
import type { Log } from '../../contracts/log.js';
import type { Group } from '../../store/sqlite/group.js';
import { type AuthenticationRow, type Authentications, eciOf, releasedValueOf, statusOf } from './authentications.js';
import { challengePage, languageOf, postingPage, unknownPage } from './challenge_pages.js';
import { isWebAddress } from './directory.js';
import type { Faults } from './faults.js';
import type { Reply } from './reply.js';

/** The issuer's access control server: what the holder's browser sees. Reads forms, answers pages. */
export interface Challenge {
  /** The hidden frame of the device check: looks at nothing and posts itself on. */
  method(form: URLSearchParams, acceptLanguage: string | null): Reply;
  /** A CReq opens the challenge; once it is over it leads on again. */
  open(form: URLSearchParams, acceptLanguage: string | null): Reply;
  /** What the holder decided. The result message is out before the browser leaves. */
  answer(form: URLSearchParams, acceptLanguage: string | null): Promise<Reply>;
}

const RIGHT_CODE = '123456';
const WRONG_CODES_MAX = 3;
const RESULT_DEADLINE_MS = 2_000;
const SESSION_DATA_MAX = 1_024;

export function createChallenge(ports: {
  authentications: Authentications;
  group: Group;
  faults: Faults;
  clock: Clock;
  ids: Ids;
  log: Log;
  http: HttpCaller;
  credential: string;
  /** How browsers reach the issuer's pages. */
  publicUrl: string;
}): Challenge {
  const { authentications, clock, group } = ports;
  /** Results on their way: a second click waits for the message too. */
  const sending = new Map<string, Promise<void>>();
  const nonce = () => ports.ids.token(128);

  function show(row: AuthenticationRow, sessionData: string | null, accepted: string | null, wrong: boolean): Reply {
    return challengePage({
      language: languageOf(row.language ?? accepted),
      acsTransaction: row.acs_transaction,
      sessionData,
      merchantName: row.merchant_name,
      money: { amount: row.amount, currency: row.currency },
      last4: row.last4,
      isCodeWrong: wrong,
      answerPath: `${new URL(ports.publicUrl).pathname.replace(/\/$/, '')}/acs/answer`,
      nonce: nonce(),
    });
  }

  function leadOn(row: AuthenticationRow, sessionData: string | null, acceptLanguage: string | null): Reply {
    const response: ChallengeResponse = {
      messageType: 'CRes',
      messageVersion: MESSAGE_VERSION,
      threeDSServerTransID: row.id,
      acsTransID: row.acs_transaction,
      challengeCompletionInd: 'Y',
      transStatus: statusOf(row, clock.now()) === 'Y' ? 'Y' : 'N',
    };
    const fields = {
      cres: throughBrowser(response),
      ...(sessionData === null ? {} : { threeDSSessionData: sessionData }),
    };
    return postingPage(row.notification_url, fields, languageOf(row.language ?? acceptLanguage), nonce(), false);
  }

  /** Posts the RReq. When it is lost, the other side asks for the result. */
  async function sendResult(row: AuthenticationRow): Promise<void> {
    if (ports.faults.take('authentication_result', null) !== null) return;
    const answer = await ports.http.call({
      method: 'POST',
      url: row.result_url,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(resultOf(row, ports.credential, clock.now())),
      deadline: clock.now() + RESULT_DEADLINE_MS,
      mayStillSend: () => true,
    });
    if (answer.got !== 'answer' || answer.status >= 300) {
      ports.log.warn('sandbox result message was not taken', { authentication: row.reference, answer: answer.got });
    }
  }

  async function settle(row: AuthenticationRow, status: 'Y' | 'N'): Promise<AuthenticationRow> {
    const isFirst = await group.run(() => authentications.settle(row.id, status));
    const settled = authentications.find(row.id) ?? row;
    if (isFirst) sending.set(row.id, sendResult(settled));
    await sending.get(row.id);
    sending.delete(row.id);
    return settled;
  }

  return {
    method(form, acceptLanguage) {
      const data = fromBrowser(form.get('threeDSMethodData') ?? '');
      const to = data?.['threeDSMethodNotificationURL'];
      const transaction = data?.['threeDSServerTransID'];
      const language = languageOf(acceptLanguage);
      if (!isWebAddress(to) || typeof transaction !== 'string') return unknownPage(language, nonce());
      const fields = { threeDSMethodData: throughBrowser({ threeDSServerTransID: transaction }) };
      return postingPage(to, fields, language, nonce(), true);
    },

    open(form, acceptLanguage) {
      const request = fromBrowser(form.get('creq') ?? '');
      const transaction = request?.['acsTransID'];
      const row = typeof transaction === 'string' ? authentications.findByAcsTransaction(transaction) : null;
      const isOurs = request?.['messageType'] === 'CReq' && request['threeDSServerTransID'] === row?.id;
      if (row === null || !isOurs) return unknownPage(languageOf(acceptLanguage), nonce());
      const sessionData = sessionDataOf(form);
      const isOpen = statusOf(row, clock.now()) === 'C';
      return isOpen ? show(row, sessionData, acceptLanguage, false) : leadOn(row, sessionData, acceptLanguage);
    },

    async answer(form, acceptLanguage) {
      const row = authentications.findByAcsTransaction(form.get('acsTransID') ?? '');
      if (row === null) return unknownPage(languageOf(acceptLanguage), nonce());
      const sessionData = sessionDataOf(form);
      const isOpen = statusOf(row, clock.now()) === 'C';
      let decision = form.get('decision');
      if (isOpen && decision === 'code') {
        const isRight = form.get('code')?.replaceAll(/\s/g, '') === RIGHT_CODE;
        const wrongCodes = isRight ? 0 : await group.run(() => authentications.countWrongCode(row.id));
        if (wrongCodes > 0 && wrongCodes < WRONG_CODES_MAX) return show(row, sessionData, acceptLanguage, true);
        decision = isRight ? 'approve' : 'refuse';
      }
      if (isOpen && decision !== 'approve' && decision !== 'refuse') {
        return show(row, sessionData, acceptLanguage, false);
      }
      const settled = await settle(row, isOpen && decision === 'approve' ? 'Y' : 'N');
      return leadOn(settled, sessionData, acceptLanguage);
    },
  };
}

/** The RReq of a settled challenge, signed. */
export function resultOf(row: AuthenticationRow, credential: string, now: number): ResultRequest {
  const status = statusOf(row, now);
  const fields = {
    threeDSServerTransID: row.id,
    dsTransID: row.directory_server_transaction,
    acsTransID: row.acs_transaction,
    transStatus: status,
    eci: eciOf(row.scheme, status),
    authenticationValue: releasedValueOf(row, status),
  };
  return {
    messageType: 'RReq',
    messageVersion: MESSAGE_VERSION,
    messageCategory: '01',
    ...fields,
    messageExtension: [extensionOf(row.reference, resultSignature(credential, fields, row.reference))],
  };
}

function sessionDataOf(form: URLSearchParams): string | null {
  const data = form.get('threeDSSessionData');
  return data !== null && data.length <= SESSION_DATA_MAX ? data : null;
}
