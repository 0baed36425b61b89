import { z } from 'zod';
import { type Html, html } from '../contracts/html.js';
import { PROBLEMS } from './problems.js';
import type { Route } from './route.js';

export interface Documented {
  readonly routes: readonly Route[];
  /** Event types and what they mean. */
  readonly eventTypes: Readonly<Record<string, string>>;
  /** Numbers and tokens of the sandbox and what they do. */
  readonly testCards: readonly { readonly number: string; readonly meaning: string }[];
  readonly publicUrl: string;
  readonly version: string;
}

/** Text in backticks becomes code; everything is escaped. */
export function prose(text: string): Html[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
}

/** The readable page: every call, error, event and test card, from the same data the server works with. */
export function docsSections(about: Documented): Html {
  return html`
    <h1>Guichet merchant API</h1>
    <p>Version ${about.version}. The same as <a href="/openapi.json">OpenAPI 3.1</a>.</p>
    ${conventions(about.publicUrl)}
    <h2 id="calls">Calls</h2>
    ${about.routes.map(call)}
    <h2 id="webhooks">Webhooks</h2>
    ${webhooks()}
    <h2 id="events">Event types</h2>
    ${table(
      ['type', 'meaning'],
      Object.entries(about.eventTypes).map(([type, meaning]) => [html`<code>${type}</code>`, html`${meaning}`]),
    )}
    <h2 id="errors">Errors</h2>
    <p>${prose('Every error is `application/problem+json` (RFC 9457) with a stable `code`. A decline is no error.')}</p>
    <table>
      <tr><th>code</th><th>status</th><th>what happened</th><th>what to do</th></tr>
      ${Object.entries(PROBLEMS).map(
        ([code, { status, title, mend }]) =>
          html`<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${title}</td><td>${prose(mend)}</td></tr>`,
      )}
    </table>
    <h2 id="test-cards">Test cards</h2>
    <p>With any future expiry and any security code, in test mode.</p>
    ${table(
      ['number or token', 'what happens'],
      about.testCards.map(({ number, meaning }) => [html`<code>${spaced(number)}</code>`, html`${prose(meaning)}`]),
    )}`;
}

function conventions(publicUrl: string): Html {
  const example = `curl ${publicUrl}/v1/payments \\
  -H 'Authorization: Bearer sk_test_demo' -H 'Content-Type: application/json' \\
  -H 'Idempotency-Key: order-1042' \\
  -d '{ "amount": 4250, "currency": "EUR", "reference": "ORDER-1042" }'`;
  const rules = [
    'Amounts are integers in minor units beside an ISO 4217 `currency`; times are RFC 3339 in UTC.',
    'A key belongs to one mode. What exists in the other mode, or belongs to another merchant, is not found.',
    'Every POST takes an `Idempotency-Key`: the same key and body again gets the first answer, for ever, with `Idempotent-Replayed: true`. The same key with another body is refused; so is a repeat while the first request still runs.',
    'Lists are newest first: `limit` (1 to 100) and `after`, which takes the `next` of the page before. Events are oldest first.',
    'Unknown fields and query parameters are refused. In answers, ignore what you do not know.',
  ];
  return html`<h2 id="conventions">Conventions</h2><pre>${example}</pre><ul>${rules.map((rule) => html`<li>${prose(rule)}</li>`)}</ul>`;
}

function call(route: Route): Html {
  const statuses = Object.entries(route.answers).map(([status, { description }]) => html` ${status}: ${description}`);
  const refusals = route.refusals.map((code) => html` <a href="#${code}"><code>${code}</code></a>`);
  return html`<section id="${route.operationId}">
    <h3><code>${route.method} ${route.path}</code></h3>
    <p>${prose(route.summary)}</p>
    ${fields('Query', route.query)}
    ${route.body instanceof z.ZodObject ? fields('Body', route.body) : html``}
    <p>Answers${statuses}${refusals.length === 0 ? html`` : html` Refusals:${refusals}`}</p>
  </section>`;
}

/** The fields of an object, one row each, with what its JSON Schema says of them. */
function fields(title: string, object: z.ZodObject): Html {
  const names = Object.entries(object.shape);
  if (names.length === 0) return html``;
  const rows = names.map(([name, schema]) => {
    const field = schema as z.ZodType;
    const { description = '', ...json } = z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' });
    const need = field.safeParse(undefined).success ? 'optional' : 'required';
    return [html`<code>${name}</code>`, html`${kindOf(json)}`, html`${need}`, html`${prose(description)}`];
  });
  return table([title.toLowerCase(), 'type', '', ''], rows);
}

function kindOf(json: z.core.JSONSchema.BaseSchema): string {
  const choices = (json.anyOf ?? []) as z.core.JSONSchema.BaseSchema[];
  if (choices.length > 0) return [...new Set(choices.map(kindOf))].join(' or ');
  if (json.enum !== undefined) return json.enum.join(', ');
  if (json.type === 'array' && typeof json.items === 'object' && !Array.isArray(json.items)) {
    return `list of ${kindOf(json.items as z.core.JSONSchema.BaseSchema)}`;
  }
  const inner =
    json.type === 'object' && json.properties !== undefined ? ` { ${Object.keys(json.properties).join(', ')} }` : '';
  return `${typeof json.type === 'string' ? json.type : 'any'}${inner}`;
}

function webhooks(): Html {
  const text = [
    'Events are posted to your endpoints, signed as Standard Webhooks has it: any library of that scheme checks them. By hand: take the `webhook-id`, `webhook-timestamp` and raw body, joined by dots; HMAC-SHA-256 them with the bytes that the base64 after `whsec_` stands for; one of the signatures in `webhook-signature` must be `v1,` and the result in base64. Compare in constant time, refuse timestamps older than five minutes, and use each `webhook-id` once.',
    'Answer 2xx within 15 seconds. What fails is sent again with growing pauses for three days, then parked until you replay it. The order is not kept: read `sequence`, or read the payment.',
    'Instead of webhooks, or beside them, keep the `next` of `GET /v1/events` and ask again: nothing is ever left out there.',
  ];
  return html`${text.map((paragraph) => html`<p>${prose(paragraph)}</p>`)}`;
}

function table(heads: readonly string[], rows: readonly (readonly Html[])[]): Html {
  return html`<table>
    <tr>${heads.map((head) => html`<th>${head}</th>`)}</tr>
    ${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}
  </table>`;
}

/** Digits in fours, as they stand on a card; tokens as they are. */
function spaced(number: string): string {
  return /^\d+$/.test(number) ? number.replaceAll(/(\d{4})(?=\d)/g, '$1 ') : number;
}
