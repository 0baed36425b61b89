import type { CallLine } from '../../src/contracts/calls.js';
import type { Language } from '../catalogue/wording.js';
import type { Twiml } from '../twilio/index.js';
import type { Payments } from './payments.js';
import type { Place } from './place.js';
import type { IvrPorts } from './ports.js';
import { type Line, line } from './spoken.js';
import { type Ask, type At, agentOffer, missed, movedTo, putThrough, REPEAT_KEY } from './step.js';

/** The key of each language. */
const LANGUAGE_KEYS: Readonly<Record<string, Language>> = { '1': 'fr', '2': 'en' };
const FRENCH_SPEAKING: ReadonlySet<string> = new Set([
  'FR',
  'BE',
  'LU',
  'MC',
  'GP',
  'MQ',
  'GF',
  'RE',
  'YT',
  'NC',
  'PF',
]);

/** From the first ring to the payment: greeting, language, code. */
export function createEntry({ desk }: Pick<IvrPorts, 'desk'>, payments: Payments) {
  async function begin(at: At): Promise<Twiml> {
    const own = await desk.line(at.request.field('To'));
    const language = own.merchant?.language ?? countryLanguage(at.request.field('FromCountry'));
    return greet(movedTo(at, { language, merchant: own.merchant?.id ?? null }), own, []);
  }

  /** Greets in the likelier language, and offers both. */
  function greet(at: At, { operator, merchant }: CallLine, before: readonly Line[], change?: Partial<Place>): Twiml {
    const { language } = at.place;
    const name = merchant?.spokenName[language] ?? operator;
    const keys = Object.entries(LANGUAGE_KEYS).sort(([, one]) => (one === language ? -1 : 1));
    const offers = keys.map(([key, own]) => ({ ...line('greet.language', { key }), language: own }));
    const choices = [...offers, ...agentOffer(merchant?.agent ?? null)];
    return at.document(at.place).menu('language', [[...before, line('greet.line', { name })], choices], change);
  }

  async function chooseLanguage(at: At): Promise<Twiml | null> {
    const language = LANGUAGE_KEYS[at.digits];
    if (language !== undefined) return askCode(movedTo(at, { language }), []);
    const own = await desk.line(at.request.field('To'));
    const person = putThrough(at, own.merchant?.agent ?? null);
    if (person !== null) return person;
    if (at.digits === REPEAT_KEY || at.digits === '*') return greet(at, own, []);
    return missed(at, (again, lines, change) => greet(again, own, lines, change));
  }

  const askCode: Ask = (at, lines, change) =>
    at
      .document(movedTo(at, { payment: null, prompt: null }).place)
      .digits('code', [...lines, line('code.ask')], change);

  async function takeCode(at: At): Promise<Twiml | null> {
    const { place, caller } = at;
    // A star begins again; what was keyed before it is nothing.
    const typed = at.digits.slice(at.digits.lastIndexOf('*') + 1);
    if (typed === '' && at.digits !== '') return askCode(at, [line('code.restart')], { strikes: place.strikes });
    if (typed === '') return missed(at, withHelp);
    const entered = await desk.enter(typed, caller, place.merchant);
    if ('payment' in entered) {
      await desk.began(entered.payment, caller, null);
      return payments.present(movedTo(at, { payment: entered.payment }), []);
    }
    switch (entered.refused) {
      case 'too_many':
        return at.document(place).end([line(caller.number === null ? 'end.too_many_withheld' : 'end.too_many')]);
      case 'mistyped':
        // It costs no guess, for a slip tells nothing; but nobody slips in one call for ever.
        return missed(at, askCode, { why: 'code.mistyped' });
      case 'unknown':
        return missed(at, withHelp, { why: 'code.unknown' });
    }
  }

  const withHelp: Ask = (at, lines, change) => askCode(at, [...lines, line('code.where')], change);

  return { begin, chooseLanguage, askCode, takeCode };
}

export type Entry = ReturnType<typeof createEntry>;

function countryLanguage(country: string): Language {
  return FRENCH_SPEAKING.has(country) ? 'fr' : 'en';
}
