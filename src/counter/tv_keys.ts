import type { TvKey, TvPlace, TvPress } from '../contracts/television.js';
import { entryOn, type TvEntry } from './tv_entry.js';
import { CODE_DIGITS_MAX } from './tv_screen.js';
import type { TvAct, TvView } from './tv_view.js';

/** What a press comes to on the screen that it answers. */
export type TvMove =
  | TvAct
  | { readonly act: 'focus'; readonly focus: number }
  /** One more digit of an entry, or one less. */
  | { readonly act: 'digit'; readonly digit: string; readonly seq: number }
  | { readonly act: 'erase'; readonly seq: number }
  /** A numbered key that does nothing, after which the next one may come. */
  | { readonly act: 'skip'; readonly seq: number }
  /** A whole entry; null: the digits that were sent one by one. */
  | { readonly act: 'code'; readonly code: string | null };

const STEPS: Partial<Record<TvKey, 1 | -1>> = { DOWN: 1, RIGHT: 1, UP: -1, LEFT: -1 };

/** Null for what means nothing here: it changes nothing. `press` answers the screen that is shown. */
export function moveOf(view: TvView, place: TvPlace, press: TvPress): TvMove | null {
  const { key, value, seq } = press;
  if (value !== null) return view.takesCode ? { act: 'code', code: value } : null;
  if (key === null) return null;
  const entry = entryOn(press.version, place);
  if (!view.takesCode || seq === null) return moveOfKey(view, entry, key);
  // A key that came before is there already, and one whose forerunner is missing must wait for it.
  if (seq !== entry.seq + 1) return null;
  return moveOfNumbered(view, entry, key, seq) ?? { act: 'skip', seq };
}

/** A key of an entry that is keyed digit by digit. */
function moveOfNumbered(view: TvView, entry: TvEntry, key: TvKey, seq: number): TvMove | null {
  const { length } = entry.tokens;
  if (/^\d$/.test(key)) return length < CODE_DIGITS_MAX ? { act: 'digit', digit: key, seq } : null;
  return key === 'LEFT' && length > 0 ? { act: 'erase', seq } : moveOfKey(view, entry, key);
}

function moveOfKey(view: TvView, entry: TvEntry, key: TvKey): TvMove | null {
  if (key === 'OK') return takeFocused(view, entry);
  if (key === 'BACK') return view.back;
  const step = STEPS[key];
  if (step === undefined) return view.options.find((option) => option.key === key)?.act ?? null;
  return moveFocus(view, step);
}

function takeFocused(view: TvView, { tokens }: TvEntry): TvMove | null {
  if (view.focus !== null) return view.options[view.focus]?.act ?? null;
  return view.takesCode && tokens.length > 0 ? { act: 'code', code: null } : null;
}

/** Up from the first option of an entry leads back into it; elsewhere the ends are ends. */
function moveFocus({ options, focus, takesCode }: TvView, step: 1 | -1): TvMove | null {
  if (options.length === 0) return null;
  const from = focus ?? -1;
  const to = Math.min(Math.max(from + step, takesCode ? -1 : 0), options.length - 1);
  return to === from ? null : { act: 'focus', focus: to };
}
