import type { Letter } from './letter.js';

/** The letter for those who read plain text. */
export function textBody(letter: Letter): string {
  const { language, test, sender, title, texts, code, action, facts, support, closing } = letter;
  const colon = language === 'fr' ? '\u00a0:' : ':';
  const blocks = [
    ...(test === null ? [] : [test]),
    sender,
    title,
    ...texts,
    ...(code === null ? [] : [code.digits, code.note]),
    ...(action === null ? [] : [`${action.label}${colon}\n${action.url}`, action.note]),
    facts.map(({ label, value }) => `${label}${colon} ${value}`).join('\n'),
    ...(support === null ? [] : [[support.text, ...contactsOf(support)].join('\n')]),
    `--\n${closing.join('\n')}`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function contactsOf({ email, phone, url }: NonNullable<Letter['support']>): string[] {
  return [email, phone, url].filter((contact) => contact !== null);
}
