import type { Language } from './words.js';

/** What a mail says, before it is text or HTML. All of it is plain text. */
export interface Letter {
  readonly language: Language;
  readonly subject: string;
  /** That no money moved, in test mode. */
  readonly test: string | null;
  /** Who writes: stands on top. */
  readonly sender: string;
  /** `#rrggbb`, dark enough for white text. */
  readonly accent: string;
  readonly title: string;
  readonly texts: readonly string[];
  /** Digits to type elsewhere, and what to beware of. */
  readonly code: { readonly digits: string; readonly note: string } | null;
  /** The one thing to do, if there is one. */
  readonly action: Action | null;
  readonly facts: readonly Fact[];
  /** Whom to ask. */
  readonly support: Support | null;
  /** Who holds the card, and why this mail came. */
  readonly closing: readonly string[];
}

export interface Action {
  readonly label: string;
  readonly url: string;
  readonly note: string;
}

export interface Fact {
  readonly label: string;
  readonly value: string;
}

export interface Support {
  readonly text: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly url: string | null;
}
