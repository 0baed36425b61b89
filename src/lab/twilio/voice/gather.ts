import { childrenOf, numberIn, type Verb } from '../twiml/document.js';
import { sound } from './sounds.js';
import { goTo, NEXT_VERB, type Outcome, type Stage } from './stage.js';

const TIMEOUT_S = 5;

/**
 * Collects keys. The first one breaks in on what is said. Nothing keyed leads to the next verb, unless
 * `actionOnEmptyResult` wants to hear of it.
 */
export async function gather(verb: Verb, stage: Stage): Promise<Outcome> {
  const { attributes } = verb;
  if ((attributes['input'] ?? 'dtmf').includes('speech')) stage.line.note('speech is not understood here, keys are');
  const digits = await collect(verb, stage);
  if (digits === null) return NEXT_VERB;
  if (digits !== '') stage.line.say({ by: 'keys', text: digits, written: digits, language: null, ms: 0 });
  if (digits === '' && attributes['actionOnEmptyResult'] !== 'true') return NEXT_VERB;
  return goTo(stage, attributes['action'], attributes['method'], [['Digits', digits]]);
}

/** What was keyed; null when the call ended meanwhile. */
async function collect(verb: Verb, stage: Stage): Promise<string | null> {
  const finish = finishKeyOf(verb, stage);
  const longest = numberIn(verb, 'numDigits', Number.POSITIVE_INFINITY);
  const timeoutMs = numberIn(verb, 'timeout', TIMEOUT_S) * 1_000;
  const listen = () => stage.line.wait(timeoutMs, 'listening', true);

  let event = await sound(stage, childrenOf(verb, 'Say', 'Play', 'Pause'), true);
  if (event.is === 'silence') event = await listen();
  let keyed = '';
  while (event.is === 'key' && event.key !== finish) {
    keyed += event.key;
    if (keyed.length >= longest) return keyed;
    event = await listen();
  }
  return event.is === 'stopped' ? null : keyed;
}

/** The key that ends the entry; `""` for none. */
function finishKeyOf({ attributes: { finishOnKey } }: Verb, stage: Stage): string {
  if (finishOnKey === undefined) return '#';
  if (/^[0-9#*]?$/.test(finishOnKey)) return finishOnKey;
  stage.problem(13310, `finishOnKey="${finishOnKey}" of Gather`);
  return '#';
}
