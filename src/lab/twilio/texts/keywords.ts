/** What Twilio answers by itself, and passes on. */
export type Keyword = 'STOP' | 'START' | 'HELP';

const WORDS: Readonly<Record<Keyword, readonly string[]>> = {
  STOP: 'STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT ARRET ARRETE ARRETT'.split(' '),
  START: 'START YES UNSTOP'.split(' '),
  HELP: 'HELP INFO'.split(' '),
};

/** A text that is nothing but one of the words; null for all others, `STOP PLEASE` among them. */
export function keywordOf(body: string): Keyword | null {
  const word = body.trim().toUpperCase();
  if (WORDS.STOP.includes(word)) return 'STOP';
  if (WORDS.START.includes(word)) return 'START';
  return WORDS.HELP.includes(word) ? 'HELP' : null;
}

export const KEYWORD_ANSWERS: Readonly<Record<Keyword, string>> = {
  STOP: 'You will get no more messages from this number. Reply START to get them again.',
  START: 'You will get messages from this number again. Reply STOP to end them.',
  HELP: 'Reply STOP to get no more messages. Message and data rates may apply.',
};
