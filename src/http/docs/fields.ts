import type { z } from 'zod';
import { type Html, html, textOf } from '../../contracts/html.js';
import { hrefOfObject } from './names.js';
import { type Explained, prose, type Row, table } from './page.js';

export type Schema = z.core.JSONSchema.BaseSchema;

/** Down to `attempts.operations.type`; what is deeper has a shape of its own or says itself. */
const DEPTH_MAX = 3;

/** The fields of an object, one row each, with what its schema says of them. */
export function fieldTable(label: string, schema: Schema, io: 'input' | 'output', explained: Explained): Html {
  const rows = rowsOf(schema, io, explained, '', 1);
  if (rows.length === 0) return html``;
  const heads = io === 'input' ? ['field', 'type', 'needed', 'meaning'] : ['field', 'type', 'meaning'];
  return table(label, heads, rows);
}

function rowsOf(schema: Schema, io: 'input' | 'output', explained: Explained, prefix: string, depth: number): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    if (typeof field === 'boolean') return [];
    const need = schema.required?.includes(name) === true ? html`<b>required</b>` : html`optional`;
    const meaning = html`${prose(field.description ?? '', explained)} ${limitsOf(field)}`;
    const cells = [html`<code>${prefix}${name}</code>`, kindOf(field)];
    const own: Row = { cells: io === 'input' ? [...cells, need, meaning] : [...cells, meaning] };
    const inner = depth < DEPTH_MAX ? objectIn(field) : null;
    return inner === null ? [own] : [own, ...rowsOf(inner, io, explained, `${prefix}${name}.`, depth + 1)];
  });
}

/** The one object that a field is, may be, or is a list of; null for none, for several, and for one with a place of its own. */
function objectIn(field: Schema): Schema | null {
  const objects = [field, ...branches(field), ...itemsOf(field)].filter(({ properties }) => properties !== undefined);
  return objects.length === 1 ? (objects[0] ?? null) : null;
}

function branches({ anyOf = [], oneOf = [], allOf = [] }: Schema): Schema[] {
  return [...anyOf, ...oneOf, ...allOf].filter((one): one is Schema => typeof one !== 'boolean');
}

function itemsOf({ items }: Schema): Schema[] {
  return typeof items === 'object' && !Array.isArray(items) ? [items as Schema] : [];
}

/** What a value may be, in words. */
export function kindOf(schema: Schema): Html {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return html`<a href="${hrefOfObject(name)}">${name}</a>`;
  }
  const options = branches(schema);
  if (options.length > 0) return joined(options.map(kindOf), ' or ');
  if (schema.const !== undefined) return html`<code>${String(schema.const)}</code>`;
  if (schema.enum !== undefined) {
    return joined(
      schema.enum.map((value) => html`<code>${String(value)}</code>`),
      ', ',
    );
  }
  const [items] = itemsOf(schema);
  if (schema.type === 'array' && items !== undefined) return html`list of ${kindOf(items)}`;
  // Several at once is how the schema says that a value may be null.
  const types: readonly string[] = [schema.type ?? 'anything'].flat();
  return html`${types.map((type) => (type === 'string' ? 'text' : type)).join(' or ')}`;
}

function joined(parts: readonly Html[], between: string): Html {
  const different = parts.filter((part, index) => parts.findIndex((one) => textOf(one) === textOf(part)) === index);
  return html`${different.map((part, index) => html`${index === 0 ? '' : between}${part}`)}`;
}

/** Sizes, as a sentence; formats speak for themselves in the meaning. */
function limitsOf(field: Schema): string {
  const [only = field] = branches(field).filter(({ type }) => type !== 'null');
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, items } = { ...only, ...field };
  if (items !== undefined && maxItems !== undefined) return `${minItems ?? 0} to ${maxItems} of them.`;
  const isBounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  if (isBounded) return `${grouped(minimum ?? 0)} to ${grouped(maximum)}.`;
  if (maxLength === undefined) return '';
  return minLength === undefined || minLength <= 1
    ? `At most ${grouped(maxLength)} characters.`
    : `${minLength} to ${grouped(maxLength)} characters.`;
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}
