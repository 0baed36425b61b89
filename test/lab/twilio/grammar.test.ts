/** The grammar of the simulator against the types that Twilio's SDK gives to those who write TwiML. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { readMessaging, readVoice } from '../../../src/lab/twilio/twiml/document.js';
import { MESSAGING, VOICE } from '../../../src/lab/twilio/twiml/grammar.js';
import * as words from '../../../src/lab/twilio/twiml/words.js';

const resolve = createRequire(import.meta.url).resolve;
const voiceTypes = readFileSync(resolve('twilio/lib/twiml/VoiceResponse.d.ts'), 'utf8');
const messagingTypes = readFileSync(resolve('twilio/lib/twiml/MessagingResponse.d.ts'), 'utf8');

function unionOf(name: string): string[] {
  const [, union] = new RegExp(`type ${name} = ([^;]+);`).exec(voiceTypes) ?? [];
  return [...(union ?? '').matchAll(/"([^"]+)"/g)].map(([, word = '']) => word).sort();
}

function attributesOf(types: string, name: string): string[] {
  const [, body = ''] = new RegExp(`interface ${name}Attributes \\{([^}]*)\\}`).exec(types) ?? [];
  return [...body.matchAll(/^\s*"?([\w:-]+)"?\?: /gm)].map(([, attribute = '']) => attribute).sort();
}

it.each([
  ['SayLanguage', words.SAY_LANGUAGES],
  ['PayLanguage', words.PAY_LANGUAGES],
  ['PayValidCardTypes', words.CARD_TYPES],
  ['PromptCardType', words.CARD_TYPES],
  ['PromptFor', words.PROMPT_FOR],
  ['SsmlSayAsInterpretAs', words.SAY_AS],
  ['SsmlSayAsFormat', words.SAY_AS_FORMATS],
  ['SsmlBreakStrength', words.BREAK_STRENGTHS],
  ['SsmlEmphasisLevel', words.EMPHASIS_LEVELS],
  ['PayTokenType', words.TOKEN_TYPES],
  ['PayPaymentMethod', words.PAYMENT_METHODS],
  ['PayBankAccountType', words.BANK_ACCOUNT_TYPES],
  ['RejectReason', words.REJECT_REASONS],
])('%s is the list of the SDK', (name, list) => {
  expect([...list].sort()).toEqual(unionOf(name));
});

it('errors of a prompt are those of the SDK, and three of the documentation', () => {
  const beyond = words.PROMPT_ERRORS.filter((error) => !unionOf('PromptErrorType').includes(error));
  expect(beyond).toEqual(['invalid-postal-code', 'invalid-bank-routing-number', 'invalid-bank-account-number']);
  expect(unionOf('PromptErrorType').filter((error) => !words.PROMPT_ERRORS.includes(error))).toEqual([]);
});

it.each(['Say', 'Play', 'Pause', 'Gather', 'Pay', 'Prompt', 'Parameter', 'Redirect', 'Reject'])(
  '%s has the attributes of the SDK',
  (name) => {
    expect(Object.keys(VOICE[name]?.attributes ?? {}).sort()).toEqual(attributesOf(voiceTypes, name));
  },
);

it.each([
  ['say-as', 'SsmlSayAs'],
  ['break', 'SsmlBreak'],
  ['emphasis', 'SsmlEmphasis'],
  ['prosody', 'SsmlProsody'],
  ['phoneme', 'SsmlPhoneme'],
  ['sub', 'SsmlSub'],
  ['lang', 'SsmlLang'],
  ['w', 'SsmlW'],
])('%s has the attributes of the SDK', (name, type) => {
  expect(Object.keys(VOICE[name]?.attributes ?? {}).sort()).toEqual(attributesOf(voiceTypes, type));
});

it('a message has the attributes of the SDK', () => {
  expect(Object.keys(MESSAGING['Message']?.attributes ?? {}).sort()).toEqual(attributesOf(messagingTypes, 'Message'));
});

it('everything that is wrong is told at once', () => {
  const document = readVoice(
    '<Response><Gather timeout="soon" numDigits="0"><Pay/></Gather><Prompt/><Pay maxAttempts="4" validCardTypes="visa,mastercard"><Parameter name="x"/></Pay><Redirect/></Response>',
  );
  expect('problems' in document ? document.problems : []).toEqual([
    'timeout="soon" of Gather: a whole number from 0 to 3600 is expected',
    'numDigits="0" of Gather: a whole number from 1 to 99999 is expected',
    'Pay in Gather: one of Say, Play, Pause is expected',
    expect.stringContaining('Prompt in Response'),
    'maxAttempts="4" of Pay: a whole number from 1 to 3 is expected',
    expect.stringContaining('validCardTypes="visa,mastercard" of Pay: some of visa'),
    'Parameter needs value',
    'Redirect is empty',
  ]);
});

it.each(['<Response>', '', '{"a":1}', '<Response/><Response/>', '<!DOCTYPE html><html></html>'])(
  '%j is no document',
  (text) => {
    expect(readMessaging(text)).toHaveProperty('unreadable');
  },
);
