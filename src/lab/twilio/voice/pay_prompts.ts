import { childrenOf, type Verb } from '../twiml/document.js';
import type { EntryError, EntryName } from './card_entries.js';

export type PromptName = EntryName | 'payment-processing';

export interface Asking {
  readonly for: PromptName;
  readonly attempt: number;
  readonly error: EntryError | null;
  readonly cardType: string | null;
}

/** The prompt of a document for this moment: of those that fit, the one that says most about when it fits. */
export function promptFor(pay: Verb, asking: Asking): Verb | null {
  const fitting = childrenOf(pay, 'Prompt').filter((prompt) => fits(prompt, asking));
  return fitting.toSorted((one, other) => precisionOf(other) - precisionOf(one))[0] ?? null;
}

function fits({ attributes }: Verb, { for: name, attempt, error, cardType }: Asking): boolean {
  if (attributes['for'] !== name) return false;
  return (
    includes(attributes['attempt'], String(attempt)) &&
    includes(attributes['cardType'], cardType) &&
    // A prompt knows as `timeout` what a status callback calls `input-timeout`.
    includes(attributes['errorType'], error === 'input-timeout' ? 'timeout' : error)
  );
}

function includes(list: string | undefined, word: string | null): boolean {
  return list === undefined || (word !== null && list.split(' ').includes(word));
}

function precisionOf({ attributes }: Verb): number {
  return ['errorType', 'attempt', 'cardType'].filter((name) => attributes[name] !== undefined).length;
}

/** What is said where the document has no prompt of its own. */
const DEFAULTS: Readonly<Record<'en' | 'fr', Readonly<Record<PromptName, string>>>> = {
  en: {
    'payment-card-number': 'Please key the card number, then the hash key.',
    'expiration-date': 'Please key the expiry date: two digits for the month, two for the year.',
    'security-code': 'Please key the security code of the card.',
    'postal-code': 'Please key the postal code, then the hash key.',
    'payment-processing': 'The payment is being made.',
  },
  fr: {
    'payment-card-number': 'Composez le numéro de la carte, puis la touche dièse.',
    'expiration-date': 'Composez la date d’expiration : deux chiffres pour le mois, deux pour l’année.',
    'security-code': 'Composez le code de sécurité de la carte.',
    'postal-code': 'Composez le code postal, puis la touche dièse.',
    'payment-processing': 'Le paiement est en cours.',
  },
};

export function defaultPrompt(name: PromptName, language: string): string {
  return DEFAULTS[language.startsWith('fr') ? 'fr' : 'en'][name];
}
