import type { Clock } from '../../../contracts/clock.js';
import { withoutCards } from '../masking.js';

/** One thing that was heard on a call. */
export interface Heard {
  readonly at: number;
  readonly by: 'voice' | 'keys' | 'note';
  /** As it is spoken. */
  readonly text: string;
  /** As it was written, digits together. */
  readonly written: string;
  readonly language: string | null;
  /** How long it takes to say it. */
  readonly ms: number;
}

/** What ends a wait on the line. `stopped`: the call is over, or goes on elsewhere. */
export type LineEvent =
  | { readonly is: 'key'; readonly key: string }
  | { readonly is: 'silence' }
  | { readonly is: 'stopped' };

/** `working`: nothing is heard, something is asked for. `listening`: nothing more is said before a key or the time. */
export type LineState = 'working' | 'ringing' | 'speaking' | 'pausing' | 'listening' | 'over';

/** The line between the two ends of a call: what is said on it, the keys that are pressed, and silence. */
export interface Line {
  state(): LineState;
  takesKeys(): boolean;
  /** Whether what is keyed now must not be shown. */
  isSecret(): boolean;
  keepSecret(isSecret: boolean): void;
  readonly transcript: readonly Heard[];
  say(heard: Omit<Heard, 'at'>): void;
  note(text: string): void;
  /** Waits so long. Keys end it only if it takes them. */
  wait(ms: number, state: LineState, takesKeys: boolean): Promise<LineEvent>;
  /** An entry ended because nothing more could come: a hash that is keyed next still belongs to it. */
  closeEntry(): void;
  /** Whether somebody waits for this key. */
  isAwaited(key: string): boolean;
  /** False for a key that nobody waits for. */
  press(key: string): boolean;
  /** Lets the present wait run out at once; false when there is none. */
  cut(): boolean;
  /** Ends the present wait, and every other until `resume`. */
  stop(): void;
  resume(): void;
  /** Called at every change; the answer ends that. */
  watch(look: () => void): () => void;
}

interface Wait {
  readonly takesKeys: boolean;
  end(event: LineEvent): void;
}

const KEYS = /^[0-9*#]$/;
const HEARD_MAX = 2_000;

export function createLine(clock: Clock): Line {
  const transcript: Heard[] = [];
  const watchers = new Set<() => void>();
  let state: LineState = 'working';
  let isStopped = false;
  let isSecret = false;
  let isHashSpare = false;
  let waiting: Wait | null = null;

  function become(next: LineState): void {
    state = next;
    for (const look of [...watchers]) look();
  }

  function say(heard: Omit<Heard, 'at'>): void {
    if (transcript.length >= HEARD_MAX) transcript.shift();
    transcript.push({
      ...heard,
      at: clock.now(),
      text: withoutCards(heard.text),
      written: withoutCards(heard.written),
    });
    for (const look of [...watchers]) look();
  }

  function wait(ms: number, during: LineState, takesKeys: boolean): Promise<LineEvent> {
    if (isStopped) return Promise.resolve({ is: 'stopped' });
    if (ms <= 0) return Promise.resolve({ is: 'silence' });
    return new Promise((resolve) => {
      let cancel = (): void => undefined;
      const end = (event: LineEvent): void => {
        cancel();
        waiting = null;
        // Whoever looks now must not take this wait for the next one.
        state = event.is === 'stopped' ? 'over' : 'working';
        resolve(event);
        for (const look of [...watchers]) look();
      };
      waiting = { takesKeys, end };
      if (Number.isFinite(ms)) cancel = clock.at(clock.now() + ms, () => end({ is: 'silence' }));
      become(during);
    });
  }

  function isAwaited(key: string): boolean {
    return waiting?.takesKeys === true || (isHashSpare && key === '#');
  }

  return {
    state: () => state,
    takesKeys: () => waiting?.takesKeys === true,
    isSecret: () => isSecret,
    keepSecret(wanted) {
      isSecret = wanted;
    },
    transcript,
    say,
    note: (text) => say({ by: 'note', text, written: text, language: null, ms: 0 }),
    wait,
    closeEntry() {
      isHashSpare = true;
      for (const look of [...watchers]) look();
    },
    isAwaited,
    press(key) {
      if (!KEYS.test(key) || !isAwaited(key)) return false;
      const isSpare = isHashSpare && key === '#';
      isHashSpare = false;
      if (!isSpare) waiting?.end({ is: 'key', key });
      return true;
    },
    cut() {
      if (waiting === null) return false;
      waiting.end({ is: 'silence' });
      return true;
    },
    stop() {
      isStopped = true;
      if (waiting === null) become('over');
      else waiting.end({ is: 'stopped' });
    },
    resume() {
      isStopped = false;
      become('working');
    },
    watch(look) {
      watchers.add(look);
      return () => {
        watchers.delete(look);
      };
    },
  };
}
