import type { Texts } from '../contracts/store.js';
import type { Text } from '../contracts/text.js';

const RACES_MAX = 50;

/**
 * Blanks the number and what stood for it, drops texts that wait, and ends what their digits could still do. What is being
 * charged already goes on: its outcome is told to nobody.
 */
export async function eraseTexts(texts: Pick<Texts, 'ofPayment' | 'load' | 'commit'>, payment: string): Promise<void> {
  for (const known of await texts.ofPayment(payment)) {
    let text: Text | null = known;
    for (let race = 0; race < RACES_MAX && text !== null && namesPerson(text); race += 1) {
      if (await texts.commit(blanked(text))) break;
      text = await texts.load(known.id);
    }
  }
}

const namesPerson = ({ to, number }: Text): boolean => to !== null || number !== null;

function blanked(text: Text): Text {
  const { challenge } = text;
  const isCharging = challenge?.state === 'answered';
  const next: Text = {
    ...text,
    revision: text.revision + 1,
    to: null,
    number: null,
    challenge: challenge === null || isCharging ? challenge : { ...challenge, state: 'over' },
  };
  return text.status === 'waiting' ? { ...next, status: 'dropped', why: 'erased', untold: false, dueAt: null } : next;
}
