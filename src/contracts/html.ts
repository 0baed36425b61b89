/**
 * HTML as a tagged template: whatever stands in a hole is escaped, unless it is itself such a template, so a merchant's
 * name or a payer's typing can never become markup.
 */
const MARKUP = Symbol('markup');

export interface Html {
  readonly [MARKUP]: string;
}

/** What may stand in a hole. Null, undefined and false leave nothing. */
export type Hole = Html | string | number | null | undefined | false | readonly Hole[];

export function html(literals: TemplateStringsArray, ...holes: readonly Hole[]): Html {
  const text = literals.reduce((before, literal, index) => before + rendered(holes[index - 1]) + literal);
  return { [MARKUP]: text };
}

/** Markup that we wrote ourselves and that is no template: a style sheet, a rendered guide. Never what somebody gave us. */
export function ourOwn(markup: string): Html {
  return { [MARKUP]: markup };
}

/** The finished text of a template. */
export function textOf(markup: Html): string {
  return markup[MARKUP];
}

function rendered(hole: Hole): string {
  if (hole === null || hole === undefined || hole === false) return '';
  if (typeof hole === 'string') return hole.replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? '');
  if (typeof hole === 'number') return String(hole);
  if (isList(hole)) return hole.map(rendered).join('');
  return hole[MARKUP];
}

function isList(hole: Html | readonly Hole[]): hole is readonly Hole[] {
  return Array.isArray(hole);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** An address that may stand in a link: web addresses and an app's own scheme, never one that carries code or data. */
export function linkable(address: string | null): string | null {
  if (address === null || !URL.canParse(address)) return null;
  const { protocol } = new URL(address);
  return REFUSED_SCHEMES.includes(protocol) ? null : address;
}

const REFUSED_SCHEMES = [
  'javascript:',
  'vbscript:',
  'data:',
  'blob:',
  'file:',
  'filesystem:',
  'about:',
  'view-source:',
];
