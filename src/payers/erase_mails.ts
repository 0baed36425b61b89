import type { Mail } from '../contracts/mail.js';
import type { Mails } from '../contracts/store.js';

const RACES_MAX = 50;

/**
 * Blanks addresses that were given for one mail alone, and drops those mails. All others hold no address: they are written
 * from the payment and the account when they are sent, and find nobody there.
 */
export async function eraseMails(mails: Pick<Mails, 'ofPayment' | 'load' | 'commit'>, payment: string): Promise<void> {
  for (const known of await mails.ofPayment(payment)) {
    let mail: Mail | null = known;
    for (let race = 0; race < RACES_MAX && mail !== null && mail.to !== null; race += 1) {
      if (await mails.commit(blanked(mail))) break;
      mail = await mails.load(known.id);
    }
  }
}

function blanked(mail: Mail): Mail {
  const next = { ...mail, revision: mail.revision + 1, to: null };
  return mail.status === 'waiting' ? { ...next, status: 'dropped', dueAt: null, lastError: 'erased' } : next;
}
