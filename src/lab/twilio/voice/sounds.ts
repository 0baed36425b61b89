import { numberIn, textOf, type Verb } from '../twiml/document.js';
import { spokenBy } from '../twiml/speech.js';
import type { LineEvent } from './line.js';
import type { Stage } from './stage.js';

type SoundStage = Pick<Stage, 'line' | 'pace'>;

/** Says, pauses or plays, one after the other, until a key breaks in where keys are taken, or the call ends. */
export async function sound(
  stage: SoundStage,
  verbs: readonly Verb[],
  takesKeys: boolean,
  language?: string,
): Promise<LineEvent> {
  for (const verb of verbs) {
    const event = await soundOne(stage, verb, takesKeys, language);
    if (event.is !== 'silence') return event;
  }
  return { is: 'silence' };
}

/** Speaks a text that stands in no document. */
export function speak(stage: SoundStage, text: string, language: string, takesKeys: boolean): Promise<LineEvent> {
  const { line, pace } = stage;
  const ms = text.length * pace.msPerCharacter;
  line.say({ by: 'voice', text, written: text, language, ms });
  return line.wait(ms, 'speaking', takesKeys);
}

async function soundOne(
  { line, pace }: SoundStage,
  verb: Verb,
  takesKeys: boolean,
  language?: string,
): Promise<LineEvent> {
  if (verb.name === 'Pause') {
    const ms = Math.min(numberIn(verb, 'length', 1) * 1_000, pace.pauseMsMax);
    return line.wait(ms, 'pausing', takesKeys);
  }
  if (verb.name === 'Play') {
    line.note(`plays ${verb.attributes['digits'] ?? textOf(verb).trim()}, which is not heard here`);
    return { is: 'silence' };
  }
  const spoken = spokenBy(verb, language);
  if (spoken.text === '') return { is: 'silence' };
  const ms = pace.msPerCharacter === 0 ? 0 : spoken.text.length * pace.msPerCharacter + spoken.breakMs;
  // `loop="0"` means for ever: once is enough to hear what.
  const times = Math.max(1, numberIn(verb, 'loop', 1));
  for (let time = 1; time <= times; time += 1) {
    line.say({ by: 'voice', text: spoken.text, written: spoken.written, language: spoken.language, ms });
    const event = await line.wait(ms, 'speaking', takesKeys);
    if (event.is !== 'silence') return event;
  }
  return { is: 'silence' };
}
