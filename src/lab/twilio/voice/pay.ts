import type { Clock } from '../../../contracts/clock.js';
import { maskedNumber } from '../masking.js';
import type { TwilioOptions } from '../options.js';
import { childrenOf, numberIn, type Verb } from '../twiml/document.js';
import type { Params } from '../wire/signature.js';
import { cardTypeOf, type EntryError, type EntryName, type EntryRule, entryRules, type Keyed } from './card_entries.js';
import type { ConnectorResult, Connectors } from './connector.js';
import type { LineEvent } from './line.js';
import { type Asking, defaultPrompt, promptFor } from './pay_prompts.js';
import { sound, speak } from './sounds.js';
import { addressIn, goTo, NEXT_VERB, type Outcome, type Stage } from './stage.js';

const TIMEOUT_S = 5;
/** Where nothing is said, a failed entry may be repeated once. */
const ATTEMPTS = 2;
const CARD_TYPES = 'visa mastercard amex';

type Ended = 'keyed' | 'too-many-failed-attempts' | 'caller-interrupted-with-star' | 'caller-hung-up';

/**
 * Asks for a card by keypad and hands it to a pay connector. The application is told masked fields and a token; what was
 * keyed is in the memory of this function alone.
 */
export function createPay(connectors: Connectors, clock: Clock, afterFailed: TwilioOptions['afterFailedPay']) {
  return async (pay: Verb, stage: Stage): Promise<Outcome> => {
    const keyed: Keyed = { number: '', expiry: '', securityCode: '', postalCode: literalPostalCode(pay) };
    checkAction(pay, stage);
    stage.line.keepSecret(true);
    const ended = await collectAll(pay, stage, keyed, clock.now());
    stage.line.keepSecret(false);
    if (ended === 'too-many-failed-attempts' && afterFailed === 'next_verb') return NEXT_VERB;
    if (ended !== 'keyed') return end(pay, stage, ended, maskedFields(keyed));
    const { result, params } = await process(pay, stage, keyed, connectors);
    const isGone = stage.line.state() === 'over';
    return end(pay, stage, isGone ? 'caller-hung-up' : result, [...maskedFields(keyed), ...(isGone ? [] : params)]);
  };
}

/** One entry after the other, each until it is right or was wrong too often. */
async function collectAll(pay: Verb, stage: Stage, keyed: Keyed, now: number): Promise<Ended> {
  const validCardTypes = (pay.attributes['validCardTypes'] ?? CARD_TYPES).split(' ');
  const rules = entryRules({ validCardTypes, minPostalCodeLength: numberIn(pay, 'minPostalCodeLength', 1), now });
  for (const name of entriesOf(pay)) {
    let error: EntryError | null = null;
    const attempts = numberIn(pay, 'maxAttempts', ATTEMPTS);
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const asking: Asking = { for: name, attempt, error, cardType: cardTypeOf(keyed.number) };
      const entry = await collectOne(pay, stage, asking, rules[name], keyed);
      if (entry.ended !== null) return entry.ended;
      error = entry.digits === '' ? 'input-timeout' : rules[name].problemOf(entry.digits, keyed);
      if (error === null) rules[name].take(entry.digits, keyed);
      tellOf(pay, stage, name, attempt, error, keyed);
      if (error === null) break;
      if (attempt === attempts) return 'too-many-failed-attempts';
    }
  }
  return 'keyed';
}

interface Entry {
  readonly digits: string;
  readonly ended: Ended | null;
}

async function collectOne(pay: Verb, stage: Stage, asking: Asking, rule: EntryRule, keyed: Keyed): Promise<Entry> {
  const { line } = stage;
  const listen = () => line.wait(numberIn(pay, 'timeout', TIMEOUT_S) * 1_000, 'listening', true);
  let event = await ask(pay, stage, asking);
  if (event.is === 'silence') event = await listen();
  let digits = '';
  while (event.is === 'key' && event.key !== '#') {
    if (event.key === '*') return entry(stage, digits, 'caller-interrupted-with-star');
    digits += event.key;
    if (rule.isComplete(digits, keyed)) {
      line.closeEntry();
      break;
    }
    event = await listen();
  }
  return entry(stage, digits, event.is === 'stopped' ? 'caller-hung-up' : null);
}

/** What was keyed, of which only dots are shown. */
function entry({ line }: Stage, digits: string, ended: Ended | null): Entry {
  const dots = '•'.repeat(digits.length) + (ended === 'caller-interrupted-with-star' ? '*' : '');
  if (dots !== '') line.say({ by: 'keys', text: dots, written: dots, language: null, ms: 0 });
  return { digits, ended };
}

function ask(pay: Verb, stage: Stage, asking: Asking): Promise<LineEvent> {
  const language = pay.attributes['language'] ?? 'en-US';
  const prompt = promptFor(pay, asking);
  const takesKeys = asking.for !== 'payment-processing';
  if (prompt === null) return speak(stage, defaultPrompt(asking.for, language), language, takesKeys);
  return sound(stage, childrenOf(prompt, 'Say', 'Play', 'Pause'), takesKeys, language);
}

async function process(pay: Verb, stage: Stage, keyed: Keyed, connectors: Connectors): Promise<ConnectorResult> {
  const { attributes } = pay;
  await ask(pay, stage, { for: 'payment-processing', attempt: 1, error: null, cardType: cardTypeOf(keyed.number) });
  tellOf(pay, stage, 'payment-processing', 1, null, keyed);
  const amount = attributes['chargeAmount'] ?? '0';
  const name = attributes['paymentConnector'] || 'Default';
  const asked = connectors.ask(name, {
    callSid: stage.callSid,
    keyed,
    charge: /^0+(?:\.0*)?$/.test(amount) ? null : { amount, currency: attributes['currency'] ?? 'usd' },
    description: attributes['description'] ?? null,
    parameters: Object.fromEntries(
      childrenOf(pay, 'Parameter').map(({ attributes: { name = '', value = '' } }) => [name, value]),
    ),
  });
  if (asked !== null) return asked;
  stage.problem(0, `there is no pay connector called ${name}`);
  return { result: 'payment-connector-error', params: [['PaymentError', `no pay connector ${name}`]] };
}

function entriesOf({ attributes: { securityCode, postalCode } }: Verb): EntryName[] {
  const entries: EntryName[] = ['payment-card-number', 'expiration-date'];
  if (securityCode !== 'false') entries.push('security-code');
  // A postal code that is given is passed on, and not asked for.
  if (postalCode === undefined || postalCode === 'true') entries.push('postal-code');
  return entries;
}

function literalPostalCode({ attributes: { postalCode = 'true' } }: Verb): string {
  return postalCode === 'true' || postalCode === 'false' ? '' : postalCode;
}

function maskedFields({ number, expiry, securityCode, postalCode }: Keyed): [string, string][] {
  const fields: [string, string][] = [
    ['PaymentCardNumber', number === '' ? '' : maskedNumber(number)],
    ['PaymentCardType', number === '' ? '' : (cardTypeOf(number) ?? '')],
    ['ExpirationDate', expiry],
    ['SecurityCode', securityCode === '' ? '' : '***'],
    ['PaymentCardPostalCode', postalCode],
  ];
  return fields.filter(([, value]) => value !== '');
}

function end(pay: Verb, stage: Stage, result: string, fields: Params): Outcome {
  const params: Params = [['Result', result], ['PaymentMethod', 'credit-card'], ...fields];
  const outcome = goTo(stage, pay.attributes['action'], 'POST', params);
  return outcome.next === 'fetch' && result === 'caller-hung-up' ? { ...outcome, next: 'tell' } : outcome;
}

function tellOf(pay: Verb, stage: Stage, name: string, attempt: number, error: EntryError | null, keyed: Keyed): void {
  const { statusCallback, statusCallbackMethod } = pay.attributes;
  if (statusCallback === undefined) return;
  const url = addressIn(stage, statusCallback);
  if (url === null) return;
  const told: Params = [
    ['AccountSid', stage.accountSid],
    ['CallSid', stage.callSid],
    ['For', name],
    ['Attempt', String(attempt)],
    ...(error === null ? [] : [['ErrorType', error] satisfies [string, string]]),
    ...maskedFields(keyed),
  ];
  stage.tell({ method: statusCallbackMethod === 'GET' ? 'GET' : 'POST', url, params: told });
}

/** Twilio posts the result over https only; on this machine there is nobody in between. */
function checkAction(pay: Verb, stage: Stage): void {
  const url = addressIn(stage, pay.attributes['action']);
  if (url === null) return;
  const { protocol, hostname } = new URL(url);
  const isHere = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  if (protocol !== 'https:' && !isHere) stage.problem(13337, 'the action of a Pay must be https');
}
