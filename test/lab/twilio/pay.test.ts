/** `Pay`: prompts, tries, `*`, hanging up, and the pay connector with its retries. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/lab/twilio/voice/caller.js';
import { virtualClock } from '../../clock.js';
import { type Application, type Asked, voice } from './application.js';
import { CALLER, OUR_NUMBER, openWorld, type World } from './world.js';

const CARD = '4242424242424242';
const AMEX = '378282246310005';

let world: World;
beforeEach(async () => {
  world = await open();
});
afterEach(() => world.close());

function open(options: Parameters<typeof openWorld>[0] = () => ({})): Promise<World> {
  return openWorld((url) => ({
    connectors: { Guichet: { url: `${url}/connector`, username: 'pay', password: 's3cret:p' } },
    ...options(url),
  })).then((opened) => {
    opened.app.at('/voice', document());
    opened.app.at('/paid', ({ params }) => voice((response) => response.say(`Result ${params['Result']}.`)));
    opened.app.at('/progress', { status: 204 });
    opened.app.at('/connector', {
      body: JSON.stringify({ token_id: 'tok_1', error_code: null, error_message: null, parameters: { k: 'v' } }),
    });
    return opened;
  });
}

function document(attributes: object = {}): string {
  return voice((response) => {
    const pay = response.pay({
      ...{ action: '/paid', statusCallback: '/progress', paymentConnector: 'Guichet', language: 'fr-FR' },
      ...{ postalCode: 'false', maxAttempts: 3, timeout: 15, currency: 'eur', ...attributes },
    });
    pay.prompt({ for: 'payment-card-number' }).say({ language: 'en-GB' }, 'Key your card number.');
    pay.prompt({ for: 'payment-card-number', attempt: [2, 3], errorType: ['timeout'] }).say('Nothing was keyed.');
    pay.prompt({ for: 'payment-card-number', errorType: ['invalid-card-number'] }).say('That is no card number.');
    pay.prompt({ for: 'payment-card-number', errorType: ['invalid-card-type'] }).say('We do not take that card.');
    pay.prompt({ for: 'expiration-date' }).say('Key the expiry date.');
    pay.prompt({ for: 'security-code', cardType: ['amex'] }).say('Key four digits.');
    pay.prompt({ for: 'security-code' }).say('Key three digits.');
    pay.prompt({ for: 'payment-processing' }).say('One moment.');
    pay.parameter({ name: 'payment', value: 'pay_1' });
    response.redirect('/after');
  });
}

const dial = (): Caller => world.twilio.dial({ from: CALLER, to: OUR_NUMBER });
const paid = () => world.app.to('/paid').map(({ params }) => params);
const progress = () =>
  world.app.to('/progress').map(({ params }) => `${params['For']} ${params['Attempt']} ${params['ErrorType'] ?? 'ok'}`);
const wanted = (app: Application) =>
  app.to('/connector').map((asked: Asked) => JSON.parse(asked.raw) as Record<string, unknown>);

describe('a card', () => {
  it('is asked for, handed to the connector, and reported masked with the token', async () => {
    const call = dial();
    await call.hears('Key your card number.');
    await call.press(CARD);
    await call.hears('expiry date');
    await call.press('1234');
    await call.hears('three digits');
    await call.press('123');
    await call.hears('Result success.');
    await call.over();
    expect(paid()).toEqual([
      expect.objectContaining({
        ...{ Result: 'success', PaymentToken: 'tok_1', PaymentCardNumber: 'xxxxxxxxxxxx4242', PaymentCardType: 'visa' },
        ...{ ExpirationDate: '1234', SecurityCode: '***', PaymentMethod: 'credit-card', PayConnector_k: 'v' },
        ...{ CallSid: call.sid, CallStatus: 'in-progress' },
      }),
    ]);
    expect(world.app.asked.filter(({ path, isSigned }) => path !== '/connector' && !isSigned)).toEqual([]);
    const [asked] = wanted(world.app);
    expect(asked).toEqual({
      ...{ method: 'tokenize', cardnumber: CARD, cvv: '123', expiry_month: '12', expiry_year: '34' },
      ...{ transaction_id: expect.stringMatching(/^[0-9a-f-]{36}$/), parameters: { payment: 'pay_1' } },
    });
    const login = Buffer.from('pay:s3cret:p').toString('base64');
    expect(world.app.to('/connector')[0]?.headers.authorization).toBe(`Basic ${login}`);
    expect(progress().sort()).toEqual([
      'expiration-date 1 ok',
      'payment-card-number 1 ok',
      'payment-processing 1 ok',
      'security-code 1 ok',
    ]);
    expect(world.twilio.problems()).toEqual([]);
  });

  it('is charged where an amount is given, in decimals as Twilio writes them', async () => {
    world.app.at('/voice', document({ chargeAmount: '42.50', description: 'Order', securityCode: false }));
    world.app.at('/connector', { body: '{"charge_id":"ch_1","error_code":null,"error_message":null}' });
    const call = dial();
    await call.press(`${CARD}#1234#`);
    await call.hears('Result success.');
    expect(wanted(world.app)[0]).toMatchObject({
      method: 'charge',
      amount: '42.5',
      currency_code: 'EUR',
      description: 'Order',
    });
    expect(wanted(world.app)[0]).not.toHaveProperty('cvv');
    expect(paid()[0]).toMatchObject({ PaymentConfirmationCode: 'ch_1' });
  });

  it('of another kind is asked for in another way', async () => {
    const call = dial();
    await call.press(`${AMEX}1234`);
    await call.hears('Key four digits.');
    await call.press('1234');
    await call.hears('Result success.');
    expect(paid()[0]).toMatchObject({ PaymentCardType: 'amex' });
  });

  it('is kept nowhere: neither on the line nor among what went over the wire', async () => {
    const call = dial();
    await call.press(`${CARD}1234987`);
    await call.hears('Result success.');
    const kept = JSON.stringify([call.transcript, world.twilio.exchanges(), world.twilio.problems()]);
    expect(kept).not.toContain('42424242');
    // Word by word: names and signatures are random, and have any three digits in them now and then.
    const words = kept.match(/[A-Za-z0-9+/=]+/g) ?? [];
    expect(words.filter((word) => word === '987' || word.includes('1234987'))).toEqual([]);
    expect(kept).toContain('••••');
  });
});

describe('what goes wrong at the keypad', () => {
  it('is told, asked for again in other words, and given up after the last try', async () => {
    const call = dial();
    await call.silence();
    await call.hears('Nothing was keyed.');
    await call.press('4242424242424241#');
    await call.hears('That is no card number.');
    await call.press('6011111111111117#');
    await call.hears('Result too-many-failed-attempts.');
    expect(progress().sort()).toEqual([
      'payment-card-number 1 input-timeout',
      'payment-card-number 2 invalid-card-number',
      'payment-card-number 3 invalid-card-type',
    ]);
    expect(wanted(world.app)).toEqual([]);
  });

  it('may lead to the next verb instead, as Twilio also says', async () => {
    await world.close();
    world = await open(() => ({ afterFailedPay: 'next_verb' }));
    world.app.at('/voice', document({ maxAttempts: 1 }));
    world.app.at(
      '/after',
      voice((response) => response.say('After.')),
    );
    const call = dial();
    await call.silence();
    await call.hears('After.');
    expect(paid()).toEqual([]);
  });

  it('a date that is over or a short code is asked for again', async () => {
    const call = dial();
    await call.press(`${CARD}0120`);
    await call.press('1334');
    await call.press('1234');
    await call.press('12#');
    await call.press('123');
    await call.hears('Result success.');
    expect(progress()).toEqual(
      expect.arrayContaining(['expiration-date 2 invalid-date', 'security-code 1 invalid-security-code']),
    );
  });

  it.each([
    ['at once', ''],
    ['amid the number', '4242'],
    ['at the date', CARD],
    ['at the code', `${CARD}1234`],
  ])('a star %s leaves', async (_, keys) => {
    const call = dial();
    await call.press(`${keys}*`);
    await call.hears('Result caller-interrupted-with-star.');
    expect(wanted(world.app)).toEqual([]);
  });

  it.each([
    ['at the number', ''],
    ['amid the number', '4242'],
    ['at the date', CARD],
    ['at the code', `${CARD}1234`],
  ])('hanging up %s is told, and nothing is asked of the connector', async (_, keys) => {
    const call = dial();
    await call.press(keys);
    if (keys === '') await call.hears('card number');
    call.hangUp();
    await call.over();
    expect(paid().map(({ Result }) => Result)).toEqual(['caller-hung-up']);
    expect(wanted(world.app)).toEqual([]);
  });
});

describe('the connector', () => {
  const pay = async (): Promise<Caller> => {
    const call = dial();
    await call.press(`${CARD}1234123`);
    return call;
  };

  it('may decline: its words are passed on', async () => {
    world.app.at('/connector', { body: '{"token_id":null,"error_code":"card_declined","error_message":"No."}' });
    await (await pay()).hears('Result payment-connector-error.');
    expect(paid()[0]).toMatchObject({ ConnectorError: 'card_declined', PaymentError: 'No.' });
  });

  it.each([
    ['nonsense', { body: '<html>' }],
    ['an error of its own', { status: 500, body: '{"error_code":null,"token_id":"tok_1"}' }],
    ['no token', { body: '{"error_code":null,"token_id":null}' }],
  ])('that answers %s has failed', async (_, answer) => {
    world.app.at('/connector', answer);
    await (await pay()).hears('Result payment-connector-error.');
    expect(paid()[0]).toMatchObject({ PaymentError: 'Got malformed response from Payment Provider' });
    expect(wanted(world.app)).toHaveLength(1);
  });

  it('that breaks off is asked again, with the same transaction', async () => {
    world.app.at('/connector', (_asked, count) =>
      count < 4 ? 'cut' : { body: '{"token_id":"tok_9","error_code":null,"error_message":null}' },
    );
    await (await pay()).hears('Result success.');
    const transactions = wanted(world.app).map(({ transaction_id }) => transaction_id);
    expect(transactions).toHaveLength(4);
    expect(new Set(transactions).size).toBe(1);
  });

  it('that is silent for ten seconds is asked five times more, and then given up', async () => {
    await world.close();
    const clock = virtualClock(Date.UTC(2026, 0, 1));
    world = await open(() => ({ clock, pace: { msPerCharacter: 0, pauseMsMax: 0, ringMs: 0, messageMs: 0 } }));
    world.app.at('/connector', 'hold');
    const call = await pay();
    for (let tries = 1; tries <= 6; tries += 1) {
      await expect.poll(() => world.app.to('/connector').length).toBe(tries);
      clock.advance(9_999);
      expect(world.app.to('/connector')).toHaveLength(tries);
      clock.advance(1);
    }
    await call.hears('Result payment-connector-error.');
    expect(new Set(wanted(world.app).map(({ transaction_id }) => transaction_id)).size).toBe(1);
  });

  it('is let finish when the caller hangs up meanwhile, and the application hears that they are gone', async () => {
    let answer: () => void = () => undefined;
    world.app.at(
      '/connector',
      () =>
        new Promise((resolve) => {
          answer = () => resolve({ body: '{"token_id":"tok_9","error_code":null,"error_message":null}' });
        }),
    );
    const call = await pay();
    await expect.poll(() => world.app.to('/connector').length).toBe(1);
    call.hangUp();
    expect(paid()).toEqual([]);
    answer();
    await call.over();
    expect(paid().map(({ Result, PaymentToken }) => [Result, PaymentToken])).toEqual([['caller-hung-up', undefined]]);
  });

  it('that nobody set up is a problem', async () => {
    world.app.at('/voice', document({ paymentConnector: 'Other' }));
    await (await pay()).hears('Result payment-connector-error.');
    expect(world.twilio.problems().map(({ text }) => text)).toEqual(['there is no pay connector called Other']);
  });
});
