import { z } from 'zod';
import { type Html, html } from '../../contracts/html.js';
import { openApi } from '../openapi.js';
import type { Answer, Described } from '../route.js';
import type { Documented } from './documented.js';
import { curlOf } from './examples.js';
import { fieldTable, kindOf, type Schema } from './fields.js';
import { hrefOfCall, hrefOfError, hrefOfObject, hrefOfTag, OBJECTS } from './names.js';
import { block, type DocPage, type Entry, type Explained, plain, prose } from './page.js';

const GROUP = 'Reference';

/** The API by subject, and the objects it answers with; made of the schemas that check requests. */
export function reference(about: Documented, explained: Explained): DocPage[] {
  const tags = [...new Set(about.routes.map(({ tag }) => tag))];
  return [...tags.map((tag) => subject(tag, about, explained)), objects(about, explained)];
}

function subject(tag: string, { routes, publicUrl }: Documented, explained: Explained): DocPage {
  const own = routes.filter((route) => route.tag === tag);
  const title = `API: ${tag.toLowerCase()}`;
  const href = hrefOfTag(tag);
  const content = html`<h1>${title}</h1>
    <ul class="calls">${own.map(
      (route) =>
        html`<li><a href="#${route.operationId}"><code>${nameOf(route)}</code></a> ${prose(route.summary)}</li>`,
    )}</ul>
    ${own.map((route) => call(route, publicUrl, explained))}`;
  const text = own.map(({ summary }) => plain(summary)).join(' ');
  return {
    href,
    title,
    group: GROUP,
    content,
    entries: [{ href, title, page: title, names: [tag], text }, ...own.map((route) => entryOf(route, title))],
  };
}

const nameOf = ({ method, path }: Described): string => `${method} ${path}`;

function entryOf(route: Described, page: string): Entry {
  const fields = Object.keys(schemaOf(route.body)?.properties ?? {});
  const words = [plain(route.summary), ...fields, ...Object.keys(route.query.shape), ...route.refusals];
  return {
    href: hrefOfCall(route),
    title: nameOf(route),
    page,
    names: [nameOf(route), route.path, route.operationId],
    text: words.join(' '),
  };
}

function call(route: Described, publicUrl: string, explained: Explained): Html {
  const { operationId, summary, answers, refusals } = route;
  const body = schemaOf(route.body);
  const label = nameOf(route);
  return html`<section class="call">
    <h2 id="${operationId}"><code>${label}</code></h2>
    <p>${prose(summary, explained)}</p>
    ${fieldTable(`Query of ${label}`, schemaOf(route.query) ?? {}, 'input', explained)}
    ${body === null ? html`` : fieldTable(`Body of ${label}`, body, 'input', explained)}
    ${block(curlOf(route, hasFields(body) ? body : null, publicUrl), 'Shell')}
    <p>Answers: ${Object.entries(answers).map(([status, answer]) => html`<b>${status}</b> ${answered(answer)} `)}</p>
    ${refusals.length === 0 ? html`` : html`<p>Refusals of its own: ${refusals.map((code) => html`<a href="${hrefOfError(code)}"><code>${code}</code></a> `)}</p>`}
  </section>`;
}

function answered({ description, schema }: Answer): Html {
  const json = schema === null ? null : schemaOf(schema, 'output');
  if (json === null) return html`${description}`;
  const name = z.globalRegistry.get(schema as z.ZodType)?.id;
  if (name !== undefined) return html`${description} <a href="${hrefOfObject(name)}">${name}</a>`;
  const { data } = json.properties ?? {};
  if (typeof data === 'object')
    return html`${description} <code>data</code>: ${kindOf(data)}; <code>next</code>: for <code>after</code>`;
  return html`${description}`;
}

function hasFields(schema: Schema | null): boolean {
  return Object.keys(schema?.properties ?? {}).length > 0;
}

function schemaOf(schema: z.ZodType | null, io: 'input' | 'output' = 'input'): Schema | null {
  return schema === null ? null : z.toJSONSchema(schema, { io, unrepresentable: 'any' });
}

/** What answers and events carry. */
function objects(about: Documented, explained: Explained): DocPage {
  const title = 'API: objects';
  const document = openApi(about.routes, about) as { components: { schemas: Record<string, Schema> } };
  const shapes = Object.entries(document.components.schemas).filter(([, { properties }]) => properties !== undefined);
  const content = html`<h1>${title}</h1>
    <p>What answers and events carry. In answers, ignore fields you do not know: they are added with time. The same as
      a machine reads it: <a href="/openapi.json">OpenAPI 3.1</a>.</p>
    ${shapes.map(([name, schema]) => html`<h2 id="${name}">${name}</h2>${fieldTable(name, schema, 'output', explained)}`)}`;
  const entries = shapes.map(([name, { properties = {} }]) => ({
    href: hrefOfObject(name),
    title: name,
    page: title,
    names: [name],
    text: Object.keys(properties).join(' '),
  }));
  const own = { href: OBJECTS, title, page: title, names: ['OpenAPI'], text: 'What answers and events carry.' };
  return { href: OBJECTS, title, group: GROUP, content, entries: [own, ...entries] };
}
