import twilio from 'twilio';
import type { Language } from '../catalogue/wording.js';
import type { Twiml } from '../twilio/index.js';
import { type Place, queryOf, type Step } from './place.js';
import type { IvrPorts } from './ports.js';
import { groupsOf, type Line, type Spoken } from './spoken.js';

const { VoiceResponse } = twilio.twiml;
type VoiceResponse = InstanceType<typeof VoiceResponse>;
type Sayable = Pick<VoiceResponse, 'say'>;
type Say = ReturnType<VoiceResponse['say']>;

const VOICES = {
  fr: { language: 'fr-FR', voice: 'Polly.Lea-Neural' },
  en: { language: 'en-GB', voice: 'Polly.Amy-Neural' },
} as const satisfies Record<Language, Parameters<VoiceResponse['say']>[0]>;

/** Seconds a caller has for a key or the next digit of a code, and for the next digit of a card. */
const KEY_SECONDS = 10;
const CARD_SECONDS = 15;
/** A breath between two prompts. */
const BREATH_SECONDS = 1;
const CARD_TRIES = 2;
/** How long an agent's telephone rings, and how long the two may speak: the operator pays for every minute. */
const AGENT_RINGS_SECONDS = 30;
const AGENT_SPEAKS_SECONDS = 1_800;

/** For which payment, in which call, a card is collected. */
export interface CardWanted {
  readonly payment: string;
  readonly prompt: string;
  readonly call: string;
  readonly currency: string;
}

/** What is answered to the provider: everything is put together by its own library. */
export interface CallDocument {
  /**
   * One key of a few, at any moment; silence comes back too. `*` and `#` are keys like others. What is told and what may be
   * chosen are prompts of their own, with a breath between them: none takes 20 seconds.
   */
  menu(step: Step, prompts: readonly (readonly Line[])[], change?: Partial<Place>): Twiml;
  /** Digits up to a hash. */
  digits(step: Step, lines: readonly Line[], change?: Partial<Place>): Twiml;
  /** Has the provider collect a card, which comes to our pay connector and never to these webhooks. */
  card(lines: readonly Line[], of: CardWanted, change?: Partial<Place>): Twiml;
  /** Says something, and comes back. */
  goOn(step: Step, lines: readonly Line[], change?: Partial<Place>): Twiml;
  /** Puts the caller through to a person. */
  agent(lines: readonly Line[], number: string): Twiml;
  /** Says something and hangs up. */
  end(lines: readonly Line[]): Twiml;
}

export function createDocuments({
  say,
  publicUrl,
  payConnector,
}: Pick<IvrPorts, 'say' | 'publicUrl' | 'payConnector'>) {
  /** One sentence is one `<Say>`, so that none takes long and each can be in its own language. */
  function speak(target: Sayable, { language: own, key, parameters = {} }: Line, language: Language): void {
    const spoken = own ?? language;
    const kept = Object.fromEntries(Object.keys(parameters).map((name) => [name, `{${name}}`]));
    const voice = target.say({ ...VOICES[spoken] }, '');
    for (const part of say(spoken, key, kept).split(/(\{\w+\})/)) {
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      put(voice, name === undefined ? part : (parameters[name] ?? ''));
    }
  }

  /** `waits` hears of a document in which the call waits before keys: for which step, and where news of it would be told. */
  return function documentAt(
    place: Place,
    waits: (step: Step, newsAddress: string) => void = () => undefined,
  ): CallDocument {
    const response = new VoiceResponse();
    const addressOf = (step: Step, change: Partial<Place> = {}): string =>
      `${publicUrl}/ivr/${step}?${queryOf({ ...place, strikes: 0, ...change, serial: place.serial + 1 })}`;
    const seconds = (usual: number, change: Partial<Place> = {}): number =>
      (change.isSlow ?? place.isSlow) ? 2 * usual : usual;
    const sayAll = (target: Sayable, lines: readonly Line[]): void => {
      for (const line of lines) speak(target, line, place.language);
    };

    const noteWait = (step: Step, change: Partial<Place> = {}): void =>
      waits(step, addressOf('news', { ...change, waits: 0, strikes: 0 }));

    type Prompts = readonly (readonly Line[])[];
    function gather(step: Step, prompts: Prompts, change: Partial<Place> | undefined, keys: object): Twiml {
      noteWait(step, change);
      const action = addressOf(step, change);
      const timeout = seconds(KEY_SECONDS, change);
      const gathering = response.gather({ action, timeout, actionOnEmptyResult: true, ...keys });
      const said = prompts.filter((lines) => lines.length > 0);
      for (const [index, lines] of said.entries()) {
        if (index > 0) gathering.pause({ length: BREATH_SECONDS });
        sayAll(gathering, lines);
      }
      return response;
    }

    return {
      menu: (step, prompts, change) => gather(step, prompts, change, { numDigits: 1, finishOnKey: '' }),
      digits: (step, lines, change) => gather(step, [lines], change, { finishOnKey: '#' }),

      card(lines, { payment, prompt, call, currency }, change) {
        sayAll(response, lines);
        const action = addressOf('keyed', { ...change, prompt });
        noteWait('keyed', change);
        const pay = response.pay({
          action,
          paymentConnector: payConnector,
          paymentMethod: 'credit-card',
          tokenType: 'one-time',
          currency: currency.toLowerCase(),
          language: VOICES[place.language].language,
          securityCode: true,
          postalCode: 'false',
          timeout: seconds(CARD_SECONDS, change),
          maxAttempts: CARD_TRIES,
          validCardTypes: ['visa', 'mastercard', 'amex', 'maestro', 'discover', 'jcb', 'diners-club'],
        });
        for (const [attributes, key] of CARD_PROMPTS) sayAll(pay.prompt({ ...attributes }), [{ key }]);
        for (const [name, value] of Object.entries({ payment, prompt, call })) pay.parameter({ name, value });
        // After the last try the provider may come with the result, or simply go on below.
        response.redirect({ method: 'POST' }, action);
        return response;
      },

      goOn(step, lines, change) {
        sayAll(response, lines);
        if (lines.length === 0) response.pause({ length: 1 });
        response.redirect({ method: 'POST' }, addressOf(step, change));
        return response;
      },

      agent(lines, number) {
        sayAll(response, lines);
        response.dial({ answerOnBridge: true, timeout: AGENT_RINGS_SECONDS, timeLimit: AGENT_SPEAKS_SECONDS }, number);
        sayAll(response, [{ key: 'end.goodbye' }]);
        response.hangup();
        return response;
      },

      end(lines) {
        sayAll(response, lines);
        response.hangup();
        return response;
      },
    };
  };
}

type PromptAttributes = Parameters<ReturnType<VoiceResponse['pay']>['prompt']>[0];

const AGAIN = [2, 3];

/** What the provider says while it collects a card: the question, and after a miss what helps. */
const CARD_PROMPTS: readonly (readonly [PromptAttributes, string])[] = [
  [{ for: 'payment-card-number', attempt: [1] }, 'card.number'],
  [{ for: 'payment-card-number', attempt: AGAIN, errorType: ['timeout'] }, 'card.number_silence'],
  [{ for: 'payment-card-number', attempt: AGAIN, errorType: ['invalid-card-number'] }, 'card.number_wrong'],
  [{ for: 'payment-card-number', attempt: AGAIN, errorType: ['invalid-card-type'] }, 'card.type_wrong'],
  [{ for: 'expiration-date', attempt: [1] }, 'card.expiry'],
  [{ for: 'expiration-date', attempt: AGAIN, errorType: ['timeout'] }, 'card.expiry_silence'],
  [{ for: 'expiration-date', attempt: AGAIN, errorType: ['invalid-date'] }, 'card.expiry_wrong'],
  [{ for: 'security-code', attempt: [1] }, 'card.security_code'],
  [{ for: 'security-code', attempt: AGAIN, errorType: ['timeout'] }, 'card.security_code_silence'],
  [{ for: 'security-code', attempt: AGAIN, errorType: ['invalid-security-code'] }, 'card.security_code_wrong'],
  [{ for: 'payment-processing' }, 'card.taking'],
];

function put(voice: Say, spoken: Spoken): void {
  if (typeof spoken === 'string') {
    if (spoken !== '') voice.addText(spoken);
    return;
  }
  if ('characters' in spoken) {
    voice.sayAs({ 'interpret-as': 'characters' }, spoken.characters);
    return;
  }
  const isFromAbroad = 'groups' in spoken && spoken.isFromAbroad;
  if (isFromAbroad) voice.addText('plus ');
  const groups = 'groups' in spoken ? spoken.groups : groupsOf(spoken.digits);
  groups.forEach((group, index) => {
    if (index > 0) voice.break({ time: '400ms' });
    voice.sayAs({ 'interpret-as': 'digits' }, group);
  });
}
