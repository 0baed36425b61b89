/** The language of a BCP 47 tag, where we have words in it. */
export function languageIn(tag: string | null | undefined): 'fr' | 'en' | null {
  const primary = tag?.split('-')[0]?.toLowerCase();
  return primary === 'fr' || primary === 'en' ? primary : null;
}
