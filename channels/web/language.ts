export const LANGUAGES = ['fr', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The wording of a catalogue key. */
export type Say = (language: Language, key: string, parameters?: Readonly<Record<string, string>>) => string;

/** `Say` in the language of one page. */
export type Words = (key: string, parameters?: Readonly<Record<string, string>>) => string;

/** What the payer chose, else what the merchant knows of them, else what their browser prefers, else English. */
export function languageOf(wishes: {
  readonly chosen: unknown;
  readonly kept: string | undefined;
  readonly payer: string | null;
  readonly accepted: string | undefined;
}): Language {
  const chosen = known(wishes.chosen) ?? known(wishes.kept) ?? known(wishes.payer);
  return chosen ?? preferred(wishes.accepted ?? '') ?? 'en';
}

/** The language of a BCP 47 tag that we have words for. */
export function known(tag: unknown): Language | null {
  if (typeof tag !== 'string') return null;
  const primary = tag.slice(0, 35).toLowerCase().split('-')[0];
  return LANGUAGES.find((language) => language === primary) ?? null;
}

/** The first of Accept-Language that we have, by its weights. */
function preferred(header: string): Language | null {
  const wishes = header
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...settings] = part.trim().split(';');
      const weight = settings.map((setting) => setting.trim()).find((setting) => setting.startsWith('q='));
      return { language: known(tag), weight: weight === undefined ? 1 : Number(weight.slice(2)) };
    })
    .filter(({ language, weight }) => language !== null && weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return wishes[0]?.language ?? null;
}
