import { childrenOf, textOf, type Verb } from '../twiml/document.js';
import { gather } from './gather.js';
import type { createPay } from './pay.js';
import { sound } from './sounds.js';
import { goTo, HANG_UP, NEXT_VERB, type Outcome, type Stage } from './stage.js';

export type Perform = (verb: Verb, stage: Stage) => Promise<Outcome>;

/** Everything a document of a call can tell the call to do. */
export function createVerbs(pay: ReturnType<typeof createPay>): Perform {
  const performers: Readonly<Record<string, Perform>> = {
    Say,
    Play: Say,
    Pause: Say,
    Redirect,
    Dial,
    Gather: gather,
    Pay: pay,
  };
  return async (verb, stage) => {
    const perform = performers[verb.name];
    // A `Reject` that comes after something else is too late for rejecting.
    return perform === undefined ? HANG_UP : perform(verb, stage);
  };
}

async function Say(verb: Verb, stage: Stage): Promise<Outcome> {
  await sound(stage, [verb], false);
  return NEXT_VERB;
}

async function Redirect(verb: Verb, stage: Stage): Promise<Outcome> {
  return goTo(stage, textOf(verb), verb.attributes['method'], []);
}

/** Puts the caller through to somebody, who talks until one of them hangs up or, in a test, falls silent. */
async function Dial(verb: Verb, stage: Stage): Promise<Outcome> {
  const numbers = childrenOf(verb, 'Number').map(textOf);
  const number = (numbers[0] ?? textOf(verb)).trim();
  stage.line.note(`put through to ${number}`);
  const event = await stage.line.wait(Number.POSITIVE_INFINITY, 'listening', false);
  const { action, method } = verb.attributes;
  if (event.is === 'stopped' || action === undefined) return NEXT_VERB;
  return goTo(stage, action, method, [['DialCallStatus', 'completed']]);
}
