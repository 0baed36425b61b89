import {
  BANK_ACCOUNT_TYPES,
  BREAK_STRENGTHS,
  CARD_TYPES,
  EMPHASIS_LEVELS,
  PAY_LANGUAGES,
  PAYMENT_METHODS,
  PROMPT_ERRORS,
  PROMPT_FOR,
  REJECT_REASONS,
  SAY_AS,
  SAY_AS_FORMATS,
  SAY_LANGUAGES,
  TOKEN_TYPES,
} from './words.js';

/** What may stand in an attribute; the message of a problem names `expected`. */
export interface AttributeRule {
  readonly expected: string;
  readonly isRight: (value: string) => boolean;
  readonly isRequired?: true;
}

/** What may stand in an element. Text is told from white space by the reader. */
export interface ElementRule {
  readonly attributes: Readonly<Record<string, AttributeRule>>;
  readonly inside: readonly string[];
  readonly text: 'none' | 'may' | 'must';
}

export type Grammar = Readonly<Record<string, ElementRule>>;

const text: AttributeRule = { expected: 'text', isRight: () => true };
const required: AttributeRule = { expected: 'text', isRight: (value) => value !== '', isRequired: true };
const flag: AttributeRule = { expected: 'true or false', isRight: (value) => value === 'true' || value === 'false' };
const method: AttributeRule = oneOf(['GET', 'POST']);
const wholeNumber = between(0, 99_999);
const url: AttributeRule = {
  expected: 'an address',
  isRight: (value) => URL.canParse(value, 'http://relative.example'),
};

function between(min: number, max: number): AttributeRule {
  const isRight = (value: string): boolean => /^\d{1,5}$/.test(value) && Number(value) >= min && Number(value) <= max;
  return { expected: `a whole number from ${min} to ${max}`, isRight };
}

function oneOf(words: readonly string[]): AttributeRule {
  return { expected: `one of ${words.join(' ')}`, isRight: (value) => words.includes(value) };
}

function someOf(words: readonly string[]): AttributeRule {
  const isRight = (value: string): boolean => value !== '' && value.split(' ').every((word) => words.includes(word));
  return { expected: `some of ${words.join(' ')}, with a space between`, isRight };
}

function matching(pattern: RegExp, expected: string): AttributeRule {
  return { expected, isRight: (value) => pattern.test(value) };
}

const SSML = ['break', 'emphasis', 'lang', 'p', 'phoneme', 'prosody', 's', 'say-as', 'sub', 'w'];
const say: ElementRule = {
  attributes: {
    language: oneOf(SAY_LANGUAGES),
    loop: wholeNumber,
    voice: matching(/^(?:man|woman|alice|(?:Polly|Google)\.[\w-]+)$/, 'a voice, like Polly.Lea-Neural'),
  },
  inside: SSML,
  text: 'may',
};
const play: ElementRule = { attributes: { digits: text, loop: wholeNumber }, inside: [], text: 'may' };
const pause: ElementRule = { attributes: { length: between(0, 3_600) }, inside: [], text: 'none' };
const redirect: ElementRule = { attributes: { method }, inside: [], text: 'must' };

const spoken: Grammar = {
  break: {
    attributes: {
      strength: oneOf(BREAK_STRENGTHS),
      time: matching(/^(?:\d{1,5}ms|(?:\d(?:\.\d+)?|10)s)$/, 'a time like 300ms or 1s'),
    },
    inside: [],
    text: 'none',
  },
  emphasis: { attributes: { level: oneOf(EMPHASIS_LEVELS) }, inside: SSML, text: 'may' },
  lang: { attributes: { 'xml:lang': required }, inside: SSML, text: 'may' },
  p: { attributes: {}, inside: SSML, text: 'may' },
  phoneme: { attributes: { alphabet: text, ph: text }, inside: [], text: 'may' },
  prosody: { attributes: { pitch: text, rate: text, volume: text }, inside: SSML, text: 'may' },
  s: { attributes: {}, inside: SSML, text: 'may' },
  'say-as': { attributes: { 'interpret-as': oneOf(SAY_AS), format: oneOf(SAY_AS_FORMATS) }, inside: [], text: 'may' },
  sub: { attributes: { alias: required }, inside: [], text: 'may' },
  w: { attributes: { role: text }, inside: [], text: 'may' },
};

const gather: ElementRule = {
  attributes: {
    ...{ action: url, actionOnEmptyResult: flag, bargeIn: flag, debug: flag, enhanced: flag, hints: text, method },
    // A wrong key here is a warning of its own, 13310.
    finishOnKey: text,
    input: someOf(['dtmf', 'speech']),
    language: matching(/^[a-z]{2,4}(?:-[A-Za-z]{2,4}){0,2}$/, 'a language, like fr-FR'),
    maxSpeechTime: wholeNumber,
    numDigits: between(1, 99_999),
    partialResultCallback: url,
    partialResultCallbackMethod: method,
    profanityFilter: flag,
    speechModel: text,
    speechTimeout: text,
    timeout: between(0, 3_600),
  },
  inside: ['Say', 'Play', 'Pause'],
  text: 'none',
};

const pay: ElementRule = {
  attributes: {
    action: url,
    bankAccountType: oneOf(BANK_ACCOUNT_TYPES),
    chargeAmount: matching(/^(?:\d{1,6}(?:\.\d+)?|1000000(?:\.0+)?)$/, 'a decimal from 0 to 1000000'),
    currency: matching(/^[A-Za-z]{3}$/, 'a currency'),
    description: text,
    input: oneOf(['dtmf']),
    language: oneOf(PAY_LANGUAGES),
    maxAttempts: between(1, 3),
    minPostalCodeLength: between(1, 99),
    paymentConnector: text,
    paymentMethod: oneOf(PAYMENT_METHODS),
    postalCode: text,
    securityCode: flag,
    statusCallback: url,
    statusCallbackMethod: method,
    timeout: between(1, 600),
    tokenType: oneOf(TOKEN_TYPES),
    validCardTypes: someOf(CARD_TYPES),
  },
  inside: ['Prompt', 'Parameter'],
  text: 'none',
};

const dial: ElementRule = {
  attributes: {
    ...{ action: url, answerOnBridge: flag, callerId: text, hangupOnStar: flag, method, timeout: wholeNumber },
    timeLimit: wholeNumber,
  },
  inside: ['Number'],
  text: 'may',
};

/** What a document of a call may hold. */
export const VOICE: Grammar = {
  Response: {
    attributes: {},
    inside: ['Say', 'Play', 'Pause', 'Gather', 'Pay', 'Redirect', 'Hangup', 'Reject', 'Dial'],
    text: 'none',
  },
  Say: say,
  Play: play,
  Pause: pause,
  Gather: gather,
  Pay: pay,
  Prompt: {
    attributes: {
      for: { ...oneOf(PROMPT_FOR), isRequired: true },
      attempt: someOf(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']),
      cardType: someOf(CARD_TYPES),
      errorType: someOf(PROMPT_ERRORS),
      requireMatchingInputs: flag,
    },
    inside: ['Say', 'Play', 'Pause'],
    text: 'none',
  },
  Parameter: { attributes: { name: required, value: { ...text, isRequired: true } }, inside: [], text: 'none' },
  Redirect: redirect,
  Hangup: { attributes: {}, inside: [], text: 'none' },
  Reject: { attributes: { reason: oneOf(REJECT_REASONS) }, inside: [], text: 'none' },
  Dial: dial,
  Number: { attributes: {}, inside: [], text: 'must' },
  ...spoken,
};

/** What the answer to a text may hold. */
export const MESSAGING: Grammar = {
  Response: { attributes: {}, inside: ['Message', 'Redirect'], text: 'none' },
  Message: {
    attributes: { action: url, from: text, method, statusCallback: url, to: text },
    inside: ['Body', 'Media'],
    text: 'may',
  },
  Body: { attributes: {}, inside: [], text: 'may' },
  Media: { attributes: {}, inside: [], text: 'must' },
  Redirect: redirect,
};
