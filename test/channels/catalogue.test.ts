import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSay } from '../../channels/catalogue/index.js';
import { mail } from '../../channels/catalogue/mail.js';
import { page } from '../../channels/catalogue/page.js';
import { speech } from '../../channels/catalogue/speech.js';
import { tv } from '../../channels/catalogue/tv.js';
import { checkCard } from '../../src/vault/index.js';

const ROOT = new URL('../../', import.meta.url);

/** Where keys are said: the page, and the parts whose prompts and problems it words. */
const SPEAKERS = ['channels/web', 'flows', 'src/engine', 'src/vault', 'src/counter'];

/** The screens of televisions are put together in the counter too, in words of their own. */
const isOfTelevision = (name: string): boolean => /^tv_?\w*\.ts$/.test(name);

const sources = SPEAKERS.flatMap((folder) =>
  readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !isOfTelevision(name))
    .map((name) => readFileSync(new URL(`${folder}/${name}`, ROOT), 'utf8')),
).join('\n');

/** Families whose last part is put together from what an acquirer, a field or an outcome is called. */
const FAMILIES = ['decline', 'advice', 'instrument', 'outcome', 'link', 'problem', 'save', 'next', 'where'];

const keys = Object.keys(page);
const family = (key: string): string => key.slice(0, key.indexOf('.'));
const written = [...sources.matchAll(/'([a-z_]+(?:\.[a-z_]+)+)'/g)].map(([, key = '']) => key);
const said = new Set([...written, ...problemsOfCards()]);

/** Everything that the card rules find wrong, by handing them everything that is. */
function problemsOfCards(): string[] {
  const good = { number: '4242424242424242', expiry: '12/34', securityCode: '123', brand: null };
  const wrong = [
    ...['', '4242', '4242424242424243', '9999999999999999'].map((number) => ({ number })),
    ...['', 'soon', '01/20', '12/60'].map((expiry) => ({ expiry })),
    ...['', '12'].map((securityCode) => ({ securityCode })),
    { brand: 'elo' },
  ];
  return wrong.flatMap((change) => {
    const checked = checkCard({ ...good, ...change }, Date.UTC(2030, 0, 1));
    return 'problems' in checked ? checked.problems.map(({ message }) => message) : [];
  });
}

describe('the catalogue', () => {
  it('has words for everything the page, the flows and the card rules say', () => {
    const families = new Set(keys.map(family));
    const missing = [...said].filter((key) => families.has(family(key)) && !keys.includes(key));
    // Names of events and effects look alike; they are never shown.
    expect(missing.filter((key) => !/^(?:payment|channel)\.|\.(?:css|js)$/.test(key))).toEqual([]);
  });

  it('has nothing that nobody says', () => {
    expect(keys.filter((key) => !said.has(key) && !FAMILIES.includes(family(key)))).toEqual([]);
  });

  it.each([...Object.entries(page), ...Object.entries(mail), ...Object.entries(speech), ...Object.entries(tv)])(
    '%s: the same parameters in both languages, and nothing unfinished',
    (_, { en, fr }) => {
      const parameters = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
      expect(parameters(fr)).toEqual(parameters(en));
      for (const text of [en, fr]) expect(text).toMatch(/^\S.*\S$|^\{\w+\}$/);
      expect(fr).not.toMatch(/'|[^ ][:;?!]/);
    },
  );

  it('has words for everything the telephone says, and nothing that nobody says', () => {
    const folder = new URL('channels/ivr/', ROOT);
    const sources = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
    const said = new Set([...sources.join('\n').matchAll(/'([a-z]+\.[a-z_]+)'/g)].map(([, key = '']) => key));
    const spoken = Object.keys(speech);
    // Declines go by the codes of acquirers.
    expect(spoken.filter((key) => !said.has(key) && family(key) !== 'declined')).toEqual([]);
    expect([...said].filter((key) => !spoken.includes(key))).toEqual([]);
  });

  it('has words for everything televisions show, and nothing that nobody shows', () => {
    const folder = new URL('src/counter/', ROOT);
    const files = readdirSync(folder).filter(isOfTelevision);
    const source = files.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n');
    const said = new Set([...source.matchAll(/'([a-z]+_?[a-z]+\.[a-z_]+)'/g)].map(([, key = '']) => key));
    const shown = Object.keys(tv);
    // Titles and texts go by the name of their screen, notices and declines by their codes.
    const isNamed = (key: string): boolean =>
      /\.(?:title|text)$/.test(key)
        ? source.includes(`'${family(key)}'`)
        : ['declined', 'notice'].includes(family(key));
    expect(shown.filter((key) => !said.has(key) && !isNamed(key))).toEqual([]);
    // Events of the payment's story look alike.
    expect([...said].filter((key) => !shown.includes(key) && family(key) !== 'channel')).toEqual([]);
  });

  it('puts parameters in, and falls back to the family for a code it has no words for', () => {
    const say = createSay('page');
    expect(say('en', 'page.title', { merchant: '{amount} $& Lune' })).toBe('Pay {amount} $& Lune');
    expect(say('fr', 'decline.never_heard_of')).toBe(page['decline.other'].fr);
    expect(say('en', 'decline.constructor')).toBe(page['decline.other'].en);
    expect(say('en', 'nothing.at.all')).toBe('');
    expect(say('en', '')).toBe('');
    expect(say('fr', 'payment.choose')).toBe('Comment souhaitez-vous payer\u00a0?');
  });
});
