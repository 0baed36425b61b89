import type { Call } from './call.js';
import type { Heard } from './line.js';

/** Somebody with a telephone at their ear, for tests and for the lab's own experiments. */
export interface Caller {
  readonly sid: string;
  readonly call: Call;
  readonly transcript: readonly Heard[];
  /** Everything the voice has said since the caller last did something, on one line. */
  said(): string;
  /**
   * Resolves when the voice has said it, since the caller last did something: as it sounds or as it is written. Rejects,
   * with what was said, when the call is over or waits for keys and has not said it.
   */
  hears(what: RegExp | string): Promise<string>;
  /** Presses keys, each when somebody waits for it. */
  press(keys: string): Promise<void>;
  /** Says nothing until whoever listens gives up, or a pause is over. */
  silence(): Promise<void>;
  /** Picks up a telephone that rings. */
  answer(): Promise<void>;
  hangUp(): void;
  /** Resolves when the call is over and everybody was told. */
  over(): Promise<void>;
}

/** Thrown when a call did not do what the caller waited for; says what was heard. */
export class CallError extends Error {
  override readonly name = 'CallError';
}

export function createCaller(call: Call): Caller {
  const { line } = call;
  /** How much had been heard when the caller last did something. */
  let mark = 0;

  const spoken = (): readonly Heard[] => line.transcript.slice(mark).filter(({ by }) => by === 'voice');
  const said = (): string =>
    spoken()
      .map(({ text }) => text)
      .join(' ');

  function problem(what: string): CallError {
    const heard = line.transcript.map(({ by, text }) => `  ${by === 'voice' ? '' : `(${by}) `}${text}`).join('\n');
    return new CallError(`${what}; the call is ${call.status()} and ${line.state()}. It went:\n${heard}`);
  }

  /** Looks at every change until there is an answer; what `look` throws is the end of it. */
  function when<T>(look: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      let unwatch = (): void => undefined;
      const lookAgain = (): boolean => {
        try {
          const found = look();
          if (found === undefined) return false;
          resolve(found);
        } catch (error) {
          reject(error);
        }
        unwatch();
        return true;
      };
      if (!lookAgain()) unwatch = line.watch(lookAgain);
    });
  }

  const isOver = (): boolean => call.endedAt() !== null;

  return {
    sid: call.sid,
    call,
    transcript: line.transcript,
    said,
    hears: (what) =>
      when(() => {
        const matches = (text: string) =>
          typeof what === 'string'
            ? text.includes(what)
            : new RegExp(what.source, what.flags.replace(/[gy]/g, '')).test(text);
        const found = spoken().find(({ text, written }) => matches(text) || matches(written));
        if (found !== undefined) return found.text;
        if (isOver() || line.state() === 'listening') throw problem(`${what} was not said`);
        return undefined;
      }),
    async press(keys) {
      for (const key of keys.replaceAll(' ', '')) {
        await when(() => {
          if (line.isAwaited(key)) return true;
          if (isOver()) throw problem(`nobody takes the key ${key}`);
          return undefined;
        });
        mark = line.transcript.length;
        if (!line.press(key)) throw problem('that is no key');
      }
    },
    async silence() {
      await when(() => {
        if (isOver()) throw problem('nobody listens to the silence');
        // What is said before somebody listens is heard to its end.
        if (line.takesKeys() && line.state() !== 'listening') line.cut();
        return line.state() === 'listening' || line.state() === 'pausing' || undefined;
      });
      mark = line.transcript.length;
      line.cut();
    },
    answer: () =>
      when(() => {
        if (isOver()) throw problem('there is nothing to answer');
        return call.pickUp() || undefined;
      }).then(() => undefined),
    hangUp() {
      mark = line.transcript.length;
      call.hangUp();
    },
    over: () => call.over,
  };
}
