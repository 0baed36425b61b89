import type { Ids } from '../../contracts/ids.js';
import type { Payment } from '../../contracts/payment.js';
import type { Text } from '../../contracts/text.js';

type Given = Pick<Text, 'key' | 'kind' | 'number'> & Partial<Pick<Text, 'reach' | 'about'>> & { readonly to: string };

/** An offer is worth nothing later: the next way is better. What was asked for, or has happened, may wait longer. */
const OFFER_LIVES_MS = 15 * 60_000;
const NEWS_LIVES_MS = 24 * 3_600_000;

/** A text that has not been tried. */
export function newText({ id, merchant, mode }: Payment, given: Given, now: number, ids: Ids): Text {
  return {
    id: ids.next('txt'),
    revision: 1,
    schema: 1,
    merchant,
    mode,
    payment: id,
    reach: null,
    about: null,
    ...given,
    status: 'waiting',
    why: null,
    tries: 0,
    sends: 0,
    sid: null,
    challenge: null,
    untold: false,
    dueAt: now,
    createdAt: now,
    giveUpAt: now + (given.kind === 'offer' ? OFFER_LIVES_MS : NEWS_LIVES_MS),
    sentAt: null,
  };
}

/** The device under which a text's digits pay: names the text, so that its attempt is recognised. */
export function deviceOf({ id }: Text): string {
  return `text:${id}`;
}
