import type { Letter } from './letter.js';

/** The letter for those who read plain text. */
export function textBody({ test, sender, title, texts, code, action, facts, support, closing }: Letter): string {
  const blocks = [
    ...(test === null ? [] : [test]),
    sender,
    title,
    ...texts,
    ...(code === null ? [] : [code]),
    ...(action === null ? [] : [`${action.label}:\n${action.url}`, action.note]),
    facts.map(({ label, value }) => `${label}: ${value}`).join('\n'),
    ...(support === null ? [] : [[support.text, ...contactsOf(support)].join('\n')]),
    `--\n${closing.join('\n')}`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function contactsOf({ email, phone, url }: NonNullable<Letter['support']>): string[] {
  return [email, phone, url].filter((contact) => contact !== null);
}
