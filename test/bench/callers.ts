import twilio from 'twilio';
import type { Answer, Client } from './client.js';

/**
 * People with telephones, and the provider between them and the house: as lean as they can be, because they share two cores
 * with what they are to measure. What is answered is looked at only for where the call goes on.
 */

/** The account that the house is given, and what it signs with. */
export const LINE = {
  account: `AC${'0'.repeat(32)}`,
  token: 'the-secret-of-the-bench',
  number: '+33199887766',
  connector: { username: 'bench', password: 'connector-of-the-bench' },
} as const;

/** What is posted, by the step that it answers. `held`: a wait for a bank that takes its time, which is held on purpose. */
export const KINDS = [
  ...['call', 'language', 'code', 'menu', 'pay-connector', 'keyed', 'wait', 'after', 'status'],
  'held',
] as const;

export interface Exchange {
  readonly kind: string;
  readonly begun: number;
  readonly ms: number;
}

/** Somebody who calls to pay one order. */
export interface Caller {
  /** Answers what was heard last, once, with what that brings about at once; true when the call has ended. */
  goOn(): Promise<boolean>;
}

interface CallerPorts {
  readonly client: Client;
  readonly url: string;
  /** Told of every answer. */
  readonly answered: (exchange: Exchange) => void;
}

const APPROVED = '4242424242424242';
/** Its bank says yes only some seconds later: the caller is kept company meanwhile. */
const PENDING = '4000001000000133';
/** One caller in so many has such a bank, says nothing when asked for the code, hears the menu twice, speaks French. */
const PENDING_ONE_IN = 10;
const SILENT_ONE_IN = 4;
const REPEATING_ONE_IN = 5;
const FRENCH_ONE_IN = 2;

const FORM = 'application/x-www-form-urlencoded';
const { username, password } = LINE.connector;
const BASIC = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** The `index`th call, for the payment of this code. @throws Error from `goOn` for whatever does not go as it should */
export function createCaller({ client, url, answered }: CallerPorts, index: number, code: string): Caller {
  const sid = `CA${index.toString(16).padStart(32, '0')}`;
  // A number of one's own each: what one number may guess is bounded.
  const from = `+336${(10_000_000 + index).toString()}`;
  const card = index % PENDING_ONE_IN === 0 ? PENDING : APPROVED;
  const key: Record<string, string[]> = {
    language: [index % FRENCH_ONE_IN === 0 ? '1' : '2'],
    code: index % SILENT_ONE_IN === 1 ? ['', code] : [code],
    menu: index % REPEATING_ONE_IN === 2 ? ['9', '1'] : ['1'],
    after: [''],
  };
  let heard = '';
  let isPaid = false;

  async function timed(kind: string, send: () => Promise<Answer>): Promise<string> {
    const begun = performance.now();
    const { status, body } = await send();
    answered({ kind, begun, ms: performance.now() - begun });
    if (status !== 200) throw new Error(`${status} to ${kind}`);
    return body;
  }

  function post(
    address: string,
    given: Readonly<Record<string, string>> = {},
    status = 'in-progress',
  ): Promise<string> {
    const form = {
      ...{ AccountSid: LINE.account, ApiVersion: '2010-04-01', CallSid: sid, CallStatus: status },
      ...{ Direction: 'inbound', From: from, FromCountry: 'FR', To: LINE.number, ToCountry: 'FR', ...given },
    };
    const headers = {
      'content-type': FORM,
      'x-twilio-signature': twilio.getExpectedTwilioSignature(LINE.token, address, form),
    };
    const body = new URLSearchParams(form).toString();
    const step = stepOf(address);
    const kind = step === 'wait' && card === PENDING ? 'held' : step;
    return timed(kind, () => client.send({ method: 'POST', path: address.slice(url.length), headers, body }));
  }

  /** The provider has the card, hands it to the connector, and comes back with what that answered. */
  async function keyCard(): Promise<string> {
    const parameters = Object.fromEntries(
      [...heard.matchAll(/<Parameter name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    );
    const body = JSON.stringify({
      ...{ method: 'tokenize', transaction_id: `bench-${sid}`, cardnumber: card, cvv: '123' },
      ...{ expiry_month: '12', expiry_year: '34', parameters },
    });
    const headers = { 'content-type': 'application/json', authorization: BASIC };
    const said = await timed('pay-connector', () =>
      client.send({ method: 'POST', path: '/ivr/pay-connector', headers, body }),
    );
    const token = /"token_id":"([^"]+)"/.exec(said)?.[1];
    if (token === undefined) throw new Error(`no card was taken: ${said}`);
    const action = addressIn(/<Pay [^>]*?action="([^"]+)"/, heard);
    return post(action, { Result: 'success', PaymentToken: token, PaymentCardNumber: 'xxxxxxxxxxxx4242' });
  }

  async function next(): Promise<string> {
    if (heard === '') return post(`${url}/ivr/call`);
    if (heard.includes('<Pay ')) return keyCard();
    if (heard.includes('<Redirect')) return post(addressIn(/<Redirect[^>]*>([^<]+)</, heard));
    const action = addressIn(/<Gather [^>]*?action="([^"]+)"/, heard);
    const step = stepOf(action);
    isPaid ||= step === 'after';
    const digits = key[step]?.shift();
    if (digits === undefined) throw new Error(`nothing more to say to ${step}`);
    return post(action, digits === '' ? {} : { Digits: digits });
  }

  return {
    async goOn() {
      heard = await next();
      if (!heard.includes('<Hangup')) return false;
      if (!isPaid) throw new Error(`hung up on: ${heard}`);
      await post(`${url}/ivr/status`, { CallDuration: '16' }, 'completed');
      return true;
    },
  };
}

const stepOf = (address: string): string => /\/ivr\/([\w-]+)/.exec(address)?.[1] ?? '';

function addressIn(pattern: RegExp, document: string): string {
  const address = pattern.exec(document)?.[1];
  if (address === undefined) throw new Error(`nowhere to go on in ${document}`);
  return address.replaceAll('&amp;', '&');
}
