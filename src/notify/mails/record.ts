import type { Ids } from '../../contracts/ids.js';
import type { Mail } from '../../contracts/mail.js';
import { GIVE_UP_AFTER_MS } from '../schedule.js';

type Given = Pick<Mail, 'merchant' | 'mode' | 'key' | 'kind' | 'audience' | 'payment' | 'about'> &
  Partial<Pick<Mail, 'payer' | 'to'>>;

/** A mail that has not been tried. @param at when what it tells happened, @param dueAt when it is to be sent */
export function newMail(given: Given, { at, dueAt }: { at: number; dueAt: number }, ids: Ids): Mail {
  return {
    id: ids.next('eml'),
    revision: 1,
    schema: 1,
    payer: null,
    to: null,
    ...given,
    status: 'waiting',
    tries: 0,
    refusals: 0,
    dueAt,
    lastError: null,
    createdAt: at,
    giveUpAt: dueAt + GIVE_UP_AFTER_MS,
    sentAt: null,
  };
}
