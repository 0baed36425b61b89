/** Somebody with a telephone, and the provider between them and the house: signed webhooks, and cards handed to the connector. */
import twilio from 'twilio';
import { type Element, elementsOf, find, parseTwiml, problemsOf, spokenIn } from './twiml.js';

export const ACCOUNT = `AC${'0'.repeat(32)}`;
export const AUTH_TOKEN = 'the-secret-of-the-account-1';
export const SHARED_NUMBER = '+33199887766';
export const CONNECTOR = { username: 'twilio', password: 'connector-secret-1' };
export const CARD = { number: '4242424242424242', month: '12', year: '34', code: '123' };

export type Form = Readonly<Record<string, string>>;

export interface Exchange {
  readonly url: string;
  readonly form: Form;
  readonly status: number;
  readonly text: string;
}

export interface CallOptions {
  readonly url: string;
  readonly to?: string;
  readonly from?: string;
  readonly fields?: Form;
}

let made = 0;

/** Everybody calls from a number of their own, unless said otherwise. */
export function openCall({ url, to = SHARED_NUMBER, from = `+3361${7_000_000 + made}`, fields = {} }: CallOptions) {
  made += 1;
  const sid = `CA${made.toString(16).padStart(32, '0')}`;
  const exchanges: Exchange[] = [];
  let at: Element | null = null;

  async function post(address: string, form: Form = {}, change: { signature?: string | null } = {}): Promise<Exchange> {
    const whole: Form = {
      ...{ CallSid: sid, AccountSid: ACCOUNT, From: from, To: to, CallStatus: 'in-progress', Direction: 'inbound' },
      ...{ ApiVersion: '2010-04-01', FromCountry: 'FR', Unknown: 'added without notice' },
      ...fields,
      ...form,
    };
    const right = twilio.getExpectedTwilioSignature(AUTH_TOKEN, address, whole);
    const signature = change.signature === undefined ? right : change.signature;
    const response = await fetch(address, {
      method: 'POST',
      body: new URLSearchParams(whole),
      headers: signature === null ? {} : { 'x-twilio-signature': signature },
    });
    const exchange = { url: address, form: whole, status: response.status, text: await response.text() };
    exchanges.push(exchange);
    return exchange;
  }

  /** Goes on with what is answered, as the provider does. */
  async function go(address: string, form: Form = {}): Promise<string> {
    const { status, text } = await post(address, form);
    if (status !== 200) throw new Error(`${status} to ${address}: ${text}`);
    at = parseTwiml(text);
    const problems = problemsOf(at);
    if (problems.length > 0) throw new Error(`${problems.join('; ')} in ${text}`);
    return spokenIn(at);
  }

  function attribute(name: string, key: string): string {
    const value = at === null ? undefined : find(at, name)?.attributes[key];
    if (value === undefined) throw new Error(`no ${key} of ${name} in ${JSON.stringify(at)}`);
    return value;
  }

  const press = (digits: string): Promise<string> =>
    go(attribute('Gather', 'action'), digits === '' ? {} : { Digits: digits });

  /** What the provider posts to the connector for the card it collected. */
  async function connect(card: typeof CARD, transaction: string, given: Form = {}): Promise<ConnectorAnswer> {
    const pay = at === null ? undefined : find(at, 'Pay');
    const parameters = elementsOf(pay ?? { name: '', attributes: {}, children: [] })
      .filter(({ name }) => name === 'Parameter')
      .map(({ attributes }) => [attributes['name'] ?? '', attributes['value'] ?? '']);
    return askConnector(url, {
      ...{ method: 'tokenize', transaction_id: transaction, cardnumber: card.number, cvv: card.code },
      ...{ expiry_month: card.month, expiry_year: card.year },
      parameters: Object.fromEntries(parameters),
      ...given,
    });
  }

  return {
    sid,
    exchanges,
    post,
    go,
    press,
    connect,
    document: (): Element => {
      if (at === null) throw new Error('nothing was answered yet');
      return at;
    },
    dial: (): Promise<string> => go(`${url}/ivr/call`),
    silence: (): Promise<string> => press(''),
    /** Keys a card into the provider, which hands it to the connector and comes back with what that said. */
    async keyCard(card: Partial<typeof CARD> = {}, transaction = `tx-${sid}-${exchanges.length}`): Promise<string> {
      const action = attribute('Pay', 'action');
      const { body } = await connect({ ...CARD, ...card }, transaction);
      if (body.token_id === null) {
        return go(action, { Result: 'payment-connector-error', ConnectorError: body.error_code ?? '' });
      }
      return go(action, { Result: 'success', PaymentToken: body.token_id, PaymentCardNumber: 'xxxxxxxxxxxx4242' });
    },
    payEnds: (result: string, form: Form = {}): Promise<string> =>
      go(attribute('Pay', 'action'), { Result: result, ...form }),
    follow: (): Promise<string> => go(String(redirectIn(at))),
    /** Follows redirects until something else is asked or the call ends. */
    async listen(): Promise<string> {
      const heard: string[] = [];
      for (let turn = 0; turn < 60 && at !== null && find(at, 'Redirect') !== undefined; turn += 1) {
        heard.push(await go(String(redirectIn(at))));
      }
      return heard.join(' ');
    },
    hasEnded: (): boolean => at !== null && find(at, 'Hangup') !== undefined,
    has: (name: string): boolean => at !== null && find(at, name) !== undefined,
    attribute,
  };
}

function redirectIn(document: Element | null): unknown {
  return document === null ? undefined : find(document, 'Redirect')?.children[0];
}

export type Call = ReturnType<typeof openCall>;

export interface ConnectorAnswer {
  readonly status: number;
  readonly body: { readonly token_id: string | null; readonly error_code: string | null };
}

export async function askConnector(
  url: string,
  body: unknown,
  credentials: { username: string; password: string } | null = CONNECTOR,
): Promise<ConnectorAnswer> {
  const basic =
    credentials === null ? null : Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
  const response = await fetch(`${url}/ivr/pay-connector`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(basic !== null && { authorization: `Basic ${basic}` }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as ConnectorAnswer['body'] };
}
