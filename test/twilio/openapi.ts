/** Holds requests against an OpenAPI 3 document, as far as forms and queries need it: paths, names, what is required, and values. */

export interface OpenApi {
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

interface PathItem {
  readonly parameters?: readonly Parameter[];
  readonly get?: Operation;
  readonly post?: Operation;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

export interface Requested {
  readonly method: string;
  /** With its query. */
  readonly address: string;
  readonly form: string;
}

const FORM = 'application/x-www-form-urlencoded';

/** Everything about a request that the document does not know or does not allow; empty for a good one. */
export function problemsIn({ method, address, form }: Requested, document: OpenApi): string[] {
  const { pathname, searchParams } = new URL(address, 'https://provider.example');
  const found = findPath(pathname, document);
  if (found === null) return [`no path ${pathname}`];
  const { item, parts } = found;
  const operation = method === 'GET' ? item.get : method === 'POST' ? item.post : undefined;
  if (operation === undefined) return [`no ${method} of ${found.template}`];
  const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
  const namedIn = (place: string): Schema => {
    const here = parameters.filter((one) => one.in === place);
    return {
      properties: Object.fromEntries(here.map(({ name, schema }) => [name, schema])),
      required: here.filter(({ required }) => required).map(({ name }) => name),
    };
  };
  const body = operation.requestBody?.content[FORM]?.schema ?? {};
  return [
    ...fieldsIn(parts, namedIn('path'), document),
    ...fieldsIn(searchParams, namedIn('query'), document),
    ...fieldsIn(new URLSearchParams(form), body, document),
  ];
}

function findPath(pathname: string, { paths }: OpenApi) {
  for (const [template, item] of Object.entries(paths)) {
    const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const literal = template.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const match = new RegExp(`^${literal.join('([^/]+?)')}$`).exec(pathname);
    const given = names.map((name, index): [string, string] => [name, match?.[index + 1] ?? '']);
    if (match !== null) return { template, item, parts: new URLSearchParams(given) };
  }
  return null;
}

function fieldsIn(given: URLSearchParams, { properties = {}, required = [] }: Schema, document: OpenApi): string[] {
  const missing = required.filter((name) => !given.has(name)).map((name) => `${name} is missing`);
  const names = [...new Set(given.keys())];
  return [
    ...missing,
    ...names.flatMap((name) => {
      const schema = properties[name];
      return schema === undefined
        ? [`nothing is called ${name}`]
        : valuesIn(name, given.getAll(name), schema, document);
    }),
  ];
}

function valuesIn(name: string, values: readonly string[], given: Schema, document: OpenApi): string[] {
  const schema = resolved(given, document);
  if (schema.type === 'array') {
    const each = resolved(schema.items ?? {}, document);
    return values.flatMap((value) => valueProblems(name, value, each));
  }
  const [value = '', ...more] = values;
  return more.length > 0 ? [`${name} is given ${values.length} times`] : valueProblems(name, value, schema);
}

function resolved(schema: Schema, document: OpenApi): Schema {
  if (schema.$ref === undefined) return schema;
  const name = schema.$ref.replace('#/components/schemas/', '');
  const target = document.components?.schemas?.[name];
  if (target === undefined) throw new Error(`the document names ${schema.$ref} and has it not`);
  return resolved(target, document);
}

function valueProblems(name: string, value: string, schema: Schema): string[] {
  const { type, format, pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema;
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  const isNumber = type === 'integer' || type === 'number';
  const isRight = [
    schema.enum === undefined || schema.enum.includes(value),
    pattern === undefined || new RegExp(pattern).test(value),
    value.length >= minLength && value.length <= maxLength,
    !isNumber || (/^-?\d+(\.\d+)?$/.test(value) && Number(value) >= minimum && Number(value) <= maximum),
    type !== 'integer' || Number.isInteger(Number(value)),
    type !== 'boolean' || value === 'true' || value === 'false',
    format !== 'uri' || URL.canParse(value),
    format !== 'date-time' || !Number.isNaN(Date.parse(value)),
  ];
  return isRight.every(Boolean) ? [] : [`${name} may not be ${value}`];
}
