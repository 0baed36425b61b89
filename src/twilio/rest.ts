import twilio from 'twilio';
import type { Clock } from '../contracts/clock.js';
import type { Log } from '../contracts/log.js';
import type { Begun, LiveCalls, Telephone, TelephoneRefusal } from '../contracts/telephone.js';

export interface TwilioAccount {
  readonly accountSid: string;
  readonly authToken: string;
  /** The number that calls come from, E.164. */
  readonly voiceFrom: string;
  /** The number, short code, sender name or messaging service (`MG…`) that texts come from. */
  readonly messagingFrom: string;
  /** Another server that speaks the same REST API; null for Twilio's own. */
  readonly apiBaseUrl: string | null;
}

const LISTED_MAX = 50;

/** Texts and calls through the REST API of one account. It repeats nothing: that is for whoever keeps the intent. */
export function createTwilioTelephone(
  account: TwilioAccount,
  { clock, log }: { clock: Clock; log: Log },
): Telephone & LiveCalls {
  const { accountSid, authToken, voiceFrom, messagingFrom, apiBaseUrl } = account;
  const sender = messagingFrom.startsWith('MG') ? { messagingServiceSid: messagingFrom } : { from: messagingFrom };

  /** A client that gives up at the caller's deadline; making one opens nothing. */
  function clientUntil(deadline: number): twilio.Twilio {
    const timeout = Math.max(1, deadline - clock.now());
    const client = twilio(accountSid, authToken, { autoRetry: false, timeout, env: {} });
    if (apiBaseUrl !== null) client.api.baseUrl = apiBaseUrl;
    return client;
  }

  async function begin(what: string, ask: () => Promise<{ sid: string }>): Promise<Begun> {
    try {
      return { outcome: 'taken', sid: (await ask()).sid };
    } catch (error) {
      const begun = begunOf(error);
      const { outcome } = begun;
      const because = begun.outcome === 'refused' ? { why: begun.why, code: begun.code } : { reason: reasonOf(error) };
      log.warn(`a ${what} was not begun`, { outcome, ...because });
      return begun;
    }
  }

  return {
    sendText: ({ to, body, statusUrl, validForSeconds, deadline }) =>
      begin('text', () =>
        clientUntil(deadline).messages.create({
          ...sender,
          to,
          body,
          statusCallback: statusUrl,
          validityPeriod: validForSeconds,
        }),
      ),
    placeCall: ({ to, url, statusUrl, ringSeconds, lastsSeconds, deadline }) =>
      begin('call', () =>
        clientUntil(deadline).calls.create({
          from: voiceFrom,
          to,
          url,
          statusCallback: statusUrl,
          statusCallbackEvent: ['answered', 'completed'],
          timeout: ringSeconds,
          timeLimit: lastsSeconds,
          // A machine hears less than a person: what answers is known before anything is said.
          machineDetection: 'Enable',
        }),
      ),
    redirect: ({ sid, url, deadline }) =>
      begin('redirect', () => clientUntil(deadline).calls(sid).update({ url, method: 'POST' })),
    async textsTo(to, since) {
      const client = clientUntil(clock.now() + LIST_MS);
      // One that is queued has no date of sending, and would not be found by it.
      const made = await said(client.messages.list({ to, limit: LISTED_MAX }));
      return made.filter(({ dateCreated }) => dateCreated.getTime() >= since).map(({ sid, body }) => ({ sid, body }));
    },
    async callsTo(to, since) {
      const client = clientUntil(clock.now() + LIST_MS);
      // By its start a call is found once it is dialled, which takes a while where many wait: its making is what counts.
      const placed = await said(client.calls.list({ to, from: voiceFrom, limit: LISTED_MAX }));
      return placed.filter(({ dateCreated }) => dateCreated.getTime() >= since).map(({ sid }) => ({ sid }));
    },
  };
}

const LIST_MS = 10_000;

/** The library's own error goes no further: it holds the request, with the account's secret and the number. */
async function said<T>(asking: Promise<T>): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    throw new Error(`the provider did not say what it had sent: ${reasonOf(error)}`);
  }
}

/** What the provider's codes mean to us; it refines them over time, so what is not here is judged by its HTTP status. */
const REFUSALS: Readonly<Record<number, TelephoneRefusal>> = {
  20003: 'configuration', // credentials
  21210: 'configuration', // the calling number is not ours
  21211: 'unreachable', // no number
  21214: 'unreachable',
  21217: 'unreachable',
  21408: 'configuration', // a region that the account may not reach
  21606: 'configuration', // the sender cannot send to it
  21610: 'opted_out',
  21612: 'configuration',
  21614: 'unreachable', // a landline
  30006: 'unreachable',
};

const TOO_MANY_REQUESTS = 429;

/** A status with a code is an answer; a connection that was never made sent nothing; of the rest nobody knows. */
function begunOf(error: unknown): Begun {
  if (error instanceof twilio.RestException) {
    const { status, code } = error;
    if (status === TOO_MANY_REQUESTS) return { outcome: 'not_sent', reason: 'busy' };
    if (status >= 500) return { outcome: 'unknown', reason: `status ${status}` };
    const why = (code === undefined ? undefined : REFUSALS[code]) ?? 'refused';
    return { outcome: 'refused', why, code: code ?? null };
  }
  if (NOT_CONNECTED.has(codeOf(error))) return { outcome: 'not_sent', reason: codeOf(error) };
  return { outcome: 'unknown', reason: reasonOf(error) };
}

const NOT_CONNECTED: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** A stable word: what the library says may hold the account's secret, the number and the text. */
export function reasonOf(error: unknown): string {
  return codeOf(error) || (error instanceof Error ? error.name : 'unknown');
}
