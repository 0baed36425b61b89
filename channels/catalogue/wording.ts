/** The languages that every key has a wording in. */
export type Language = 'en' | 'fr';

/** One thing said, in each language. `{name}` stands for a parameter. */
export type Wording = Readonly<Record<Language, string>>;
