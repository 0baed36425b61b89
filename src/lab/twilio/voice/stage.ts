import type { Pace } from '../options.js';
import type { Verb } from '../twiml/document.js';
import type { Params } from '../wire/signature.js';
import type { Line } from './line.js';

/** Where the document of a call comes from next. */
export interface Request {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** What is told besides the standard parameters. */
  readonly params: Params;
}

/** How a call goes on after a verb. */
export type Outcome =
  | { readonly next: 'next_verb' }
  | { readonly next: 'fetch'; readonly request: Request }
  /** The caller is gone, and is told of; whatever comes back is for nobody. */
  | { readonly next: 'tell'; readonly request: Request }
  | { readonly next: 'hang_up' };

/** What a verb works with. */
export interface Stage {
  readonly line: Line;
  readonly pace: Pace;
  readonly callSid: string;
  readonly accountSid: string;
  /** The address of the document; null for one that came with the call. */
  readonly url: string | null;
  problem(code: number, text: string): void;
  /** Posts news that nothing hangs on. */
  tell(request: Request): void;
}

export const NEXT_VERB: Outcome = { next: 'next_verb' };
export const HANG_UP: Outcome = { next: 'hang_up' };

/** An address of a document, made absolute; null, with a problem, where that cannot be. */
export function addressIn(stage: Stage, given: string | undefined): string | null {
  const written = given?.trim() || (stage.url ?? '');
  const base = stage.url ?? undefined;
  if (URL.canParse(written, base)) return new URL(written, base).href;
  stage.problem(11100, `no address: ${written === '' ? 'none is given' : written}`);
  return null;
}

/** Goes to the address that an attribute names, or to the document itself. */
export function goTo(stage: Stage, given: string | undefined, method: string | undefined, params: Params): Outcome {
  const url = addressIn(stage, given);
  if (url === null) return HANG_UP;
  return { next: 'fetch', request: { method: method === 'GET' ? 'GET' : 'POST', url, params } };
}

/** A child that speaks, pauses or plays, and may be broken in on by a key. */
export type Sounding = Verb & { readonly name: 'Say' | 'Pause' | 'Play' };
