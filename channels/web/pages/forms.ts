import { type Hole, type Html, html } from '../../../src/contracts/html.js';
import type { Words } from '../language.js';
import type { View } from './page.js';

/** A problem as it stands beside its field and in the summary: already worded. */
export interface Problem {
  /** The id of the input it belongs to. */
  readonly input: string;
  readonly text: string;
}

/** The problems of a form, first on the page, each a link to its field. */
export function summaryOf(say: Words, problems: readonly Problem[]): Html | null {
  if (problems.length === 0) return null;
  return html`<div class="notice problem" role="alert" tabindex="-1" data-focus>
<h2>${say('form.problem')}</h2>
<ul>${problems.map(({ input, text }) => html`<li><a href="#${input}">${text}</a></li>`)}</ul>
</div>`;
}

/** Something to know before going on, told at once to those who listen. */
export function notice(title: string | null, ...texts: readonly Hole[]): Html {
  return html`<div class="notice problem" role="alert" tabindex="-1" data-focus>
${title !== null && html`<h2>${title}</h2>`}${texts.map((text) => html`<p>${text}</p>`)}
</div>`;
}

export interface Field {
  readonly id: string;
  readonly label: string;
  readonly hint: string | null;
  readonly autocomplete: string;
  readonly lengthMax: number;
  /** Never set for a security code: it is not written into a page. */
  readonly value?: string;
  readonly problem: Problem | undefined;
  readonly size: 'whole' | 'half';
  /** Digits shown as typed, where nothing else is said. */
  readonly kind?: 'digits' | 'hidden_digits' | 'email';
}

const KINDS = {
  digits: html`type="text" inputmode="numeric"`,
  hidden_digits: html`type="password" inputmode="numeric"`,
  email: html`type="text" inputmode="email"`,
} as const;

/** A labelled text input with its hint and its problem tied to it. */
export function inputOf(say: Words, field: Field): Html {
  const { id, hint, problem } = field;
  const described = [hint !== null && `${id}-hint`, problem !== undefined && `${id}-problem`].filter(Boolean).join(' ');
  return html`<div class="field ${field.size}">
<label for="${id}">${field.label}</label>
${hint !== null && html`<p class="hint" id="${id}-hint">${hint}</p>`}
${problem !== undefined && html`<p class="wrong" id="${id}-problem"><span class="unseen">${say('form.error')} </span>${problem.text}</p>`}
<input id="${id}" name="${id}" ${KINDS[field.kind ?? 'digits']} autocomplete="${field.autocomplete}" maxlength="${field.lengthMax}" spellcheck="false" autocapitalize="none" required value="${field.value ?? ''}" ${problem !== undefined && INVALID} ${described !== '' && html`aria-describedby="${described}"`}>
</div>`;
}

const INVALID = html`aria-invalid="true"`;

/** What every form of ours carries: the prompt it answers and its one-time nonce. */
export function hiddenFields(view: View, prompt: string): Html {
  return html`<input type="hidden" name="prompt" value="${prompt}"><input type="hidden" name="nonce" value="${view.nonceOf(prompt)}">`;
}

/** What the page's script knows of the browser, for the issuer; empty where scripts are off. */
export function browserFields(): Html {
  return html`${BROWSER_FIELDS.map((name) => html`<input type="hidden" name="browser_${name}" value="" data-browser="${name}">`)}`;
}

const BROWSER_FIELDS = ['script', 'language', 'color_depth', 'screen_height', 'screen_width', 'timezone_offset'];

/** A form of one button. */
export function buttonForm(view: View, options: { to: string; prompt: string; label: string; look: string }): Html {
  return html`<form method="post" action="/pay/${view.token}/${options.to}" data-once>
${hiddenFields(view, options.prompt)}
<button class="${options.look}">${options.label}</button>
</form>`;
}
