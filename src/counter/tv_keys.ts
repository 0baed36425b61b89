import type { TvKey, TvPlace, TvPress } from '../contracts/television.js';
import type { TvAct, TvView } from './tv_view.js';

/** What a press comes to on the screen that it answers. */
export type TvMove =
  | TvAct
  | { readonly act: 'focus'; readonly focus: number }
  /** One more digit of an entry, or one less. */
  | { readonly act: 'digit'; readonly digit: string; readonly seq: number }
  | { readonly act: 'erase'; readonly seq: number }
  /** A whole entry; null: the digits that were sent one by one. */
  | { readonly act: 'code'; readonly code: string | null };

const STEPS: Partial<Record<TvKey, 1 | -1>> = { DOWN: 1, RIGHT: 1, UP: -1, LEFT: -1 };

/** Null for what means nothing here: it changes nothing. */
export function moveOf(view: TvView, place: TvPlace, press: TvPress): TvMove | null {
  const { key, value, seq } = press;
  if (value !== null) return view.takesCode ? { act: 'code', code: value } : null;
  if (key === null || !isNext(view, place, seq)) return null;
  if (/^\d$/.test(key)) return view.takesCode && seq !== null ? { act: 'digit', digit: key, seq } : null;
  if (key === 'OK') return takeFocused(view, place);
  if (key === 'BACK') return view.back;
  const step = STEPS[key];
  if (step === undefined) return view.options.find((option) => option.key === key)?.act ?? null;
  if (key === 'LEFT' && view.takesCode && seq !== null && place.keyed !== null) return { act: 'erase', seq };
  return moveFocus(view, step);
}

/** Keys of an entry are numbered: one that came before is there already, one whose forerunner is missing must wait for it. */
function isNext(view: TvView, place: TvPlace, seq: number | null): boolean {
  return seq === null || !view.takesCode || seq === (place.seq ?? 0) + 1;
}

function takeFocused(view: TvView, place: TvPlace): TvMove | null {
  if (view.focus !== null) return view.options[view.focus]?.act ?? null;
  return view.takesCode && place.keyed !== null ? { act: 'code', code: null } : null;
}

/** Up from the first option of an entry leads back into it; elsewhere the ends are ends. */
function moveFocus({ options, focus, takesCode }: TvView, step: 1 | -1): TvMove | null {
  if (options.length === 0) return null;
  const from = focus ?? -1;
  const to = Math.min(Math.max(from + step, takesCode ? -1 : 0), options.length - 1);
  return to === from ? null : { act: 'focus', focus: to };
}
