/** The closed lists of TwiML, as the types of Twilio's SDK have them. */

export const SAY_LANGUAGES = (
  'af-ZA am-ET ar-AE ar-XA arb bg-BG bn-IN ca-ES cmn-CN cmn-TW cs-CZ cy-GB da-DK de-AT de-DE el-GR en-AU en-CA en-GB ' +
  'en-GB-WLS en-IE en-IN en-NZ en-US en-ZA es-ES es-MX es-US fi-FI fil-PH fr-CA fr-FR fr-BE gu-IN he-IL hi-IN hu-HU ' +
  'id-ID is-IS it-IT ja-JP kn-IN ko-KR lv-LV ml-IN mr-IN ms-MY nb-NO nl-BE nl-NL pa-IN pl-PL pt-BR pt-PT ro-RO ru-RU ' +
  'sk-SK sr-RS sv-SE ta-IN te-IN th-TH tr-TR uk-UA vi-VN yue-HK zh-CN zh-HK zh-TW'
).split(' ');

export const PAY_LANGUAGES =
  'de-DE en-AU en-CA en-GB en-IN en-IE en-NZ en-PH en-ZA en-US es-ES es-US fr-CA fr-FR it-IT'.split(' ');

export const CARD_TYPES = 'visa mastercard amex maestro discover optima jcb diners-club enroute'.split(' ');

export const PROMPT_FOR = (
  'payment-card-number expiration-date security-code postal-code payment-processing bank-account-number ' +
  'bank-routing-number'
).split(' ');

/** The documentation has four more than the SDK's type: invalid-postal-code and the two of bank accounts. */
export const PROMPT_ERRORS = (
  'timeout invalid-card-number invalid-card-type invalid-date invalid-security-code internal-error ' +
  'input-matching-failed invalid-postal-code invalid-bank-routing-number invalid-bank-account-number'
).split(' ');

export const SAY_AS =
  'characters spell-out cardinal number ordinal digits fraction unit date time address expletive telephone'.split(' ');
export const SAY_AS_FORMATS = 'mdy dmy ymd md dm ym my d m y yyyymmdd'.split(' ');
export const BREAK_STRENGTHS = 'none x-weak weak medium strong x-strong'.split(' ');
export const EMPHASIS_LEVELS = 'strong moderate reduced'.split(' ');
export const TOKEN_TYPES = 'one-time reusable payment-method'.split(' ');
export const REJECT_REASONS = 'rejected busy'.split(' ');
export const PAYMENT_METHODS = 'ach-debit credit-card'.split(' ');
export const BANK_ACCOUNT_TYPES = 'consumer-checking consumer-savings commercial-checking commercial-savings'.split(
  ' ',
);
