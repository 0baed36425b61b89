import type { Caller } from '../../src/contracts/calls.js';
import type { SignedRequest, Twiml } from '../twilio/index.js';
import type { CallDocument } from './documents.js';
import type { Place } from './place.js';
import { type Line, line } from './spoken.js';

/** One webhook of a call: where the call stood when it was asked, and what came. */
export interface At {
  readonly place: Place;
  readonly caller: Caller;
  readonly request: SignedRequest;
  /** What was keyed; empty for silence. */
  readonly digits: string;
  /** A fresh answer, for a call that stands at `place`. */
  document(place: Place): CallDocument;
}

export type Answer = Promise<Twiml | null> | Twiml | null;
export type Ask = (at: At, lines: readonly Line[], change?: Partial<Place>) => Answer;

const STRIKES_MAX = 3;

/**
 * No key, or none of the choices: it is told, and asked once more, with more time after a silence. The third time ends, with
 * words that say nothing of money: who knows that nothing was charged says so in `ending`.
 */
export function missed(
  at: At,
  again: Ask,
  { why = whatIsMissing(at), ending = ['end.strikes'] }: { why?: string; ending?: readonly string[] } = {},
): Answer {
  const { place, digits } = at;
  const strikes = place.strikes + 1;
  if (strikes >= STRIKES_MAX) return at.document(place).end(ending.map((key) => line(key)));
  return again(at, [line(why)], { strikes, isSlow: place.isSlow || digits === '' });
}

/** They do the same in every menu. */
export const AGENT_KEY = '0';
export const REPEAT_KEY = '9';

/** Puts the caller through who asks for a person; null where nobody is asked for, or nobody is there. */
export function putThrough({ digits, document, place }: At, agent: string | null): Twiml | null {
  return digits === AGENT_KEY && agent !== null ? document(place).agent([line('agent.one_moment')], agent) : null;
}

/** How a person is asked for, where there is one. */
export function agentOffer(agent: string | null): Line[] {
  return agent === null ? [] : [line('menu.agent', { key: AGENT_KEY })];
}

const whatIsMissing = ({ digits }: At): string => (digits === '' ? 'key.silence' : 'key.wrong');

/** The same webhook, with the call standing elsewhere. */
export function movedTo(at: At, change: Partial<Place>): At {
  const place = { ...at.place, ...change };
  return { ...at, place, caller: { ...at.caller, language: place.language } };
}
