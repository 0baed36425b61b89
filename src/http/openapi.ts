import { z } from 'zod';
import { PROBLEMS } from './problems.js';
import type { Described } from './route.js';
import * as shapes from './shapes.js';

type Json = Record<string, unknown>;

const IDEMPOTENCY_KEY: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key and body again gets the first answer, for ever, with `Idempotent-Replayed: true`.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

/** What stands in the place of a key where an operator signs; the values are those of Standard Webhooks. */
const SIGNATURE_HEADERS: readonly Json[] = [
  ['webhook-id', 'Drawn by you for this one request: the same again is refused.'],
  ['webhook-timestamp', 'Seconds since the epoch, within five minutes of ours.'],
].map(([name, description]) => ({ name, in: 'header', required: true, description, schema: { type: 'string' } }));

/** The OpenAPI 3.1 document, made of the very schemas that check requests. */
export function openApi(routes: readonly Described[], about: { version: string; publicUrl: string }): Json {
  const components: Record<string, unknown> = {};
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route, components) };
  }
  problemSchema(components);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Guichet API',
      version: about.version,
      summary: 'One payment, any channel, any instrument.',
      description:
        'Amounts are integers in minor units. A decline is a value in a 2xx answer, never an HTTP error. ' +
        'Fields, values and event types may be added: ignore what you do not know.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: about.publicUrl }],
    security: [{ key: [] }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'A key of one mode: `sk_test_…` or `sk_live_…`.' },
        signature: {
          type: 'apiKey',
          in: 'header',
          name: 'webhook-signature',
          description:
            'Of a television operator: the request signed as Standard Webhooks signs, over the body; without a body, over ' +
            'path and query.',
        },
      },
      schemas: components,
    },
  };
}

function operationOf(route: Described, components: Record<string, unknown>): Json {
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    ...(route.proof === 'signature' && { security: [{ signature: [] }] }),
    // Who has the address has the session.
    ...(route.proof === 'session' && { security: [] }),
    parameters: parametersOf(route),
    ...(route.body !== null && {
      requestBody: {
        required: isRequired(route.body),
        content: { 'application/json': { schema: schemaOf(route.body, 'input', components) } },
      },
    }),
    responses: { ...answersOf(route, components), ...refusalsOf(route) },
  };
}

function parametersOf(route: Described): Json[] {
  const from = (place: 'path' | 'query', object: z.ZodObject): Json[] =>
    Object.entries(object.shape).map(([name, schema]) => {
      const { description, ...rest } = z.toJSONSchema(schema as z.ZodType, { io: 'input' }) as Json;
      delete rest['$schema'];
      const required = place === 'path' || !(schema as z.ZodType).safeParse(undefined).success;
      return { name, in: place, required, ...(description !== undefined && { description }), schema: rest };
    });
  const own = [...from('path', route.params), ...from('query', route.query)];
  if (route.proof === 'signature') return [...own, ...SIGNATURE_HEADERS];
  if (route.proof === 'session') return own;
  return route.method === 'POST' ? [...own, IDEMPOTENCY_KEY] : own;
}

function answersOf(route: Described, components: Record<string, unknown>): Json {
  return Object.fromEntries(
    Object.entries(route.answers).map(([status, { description, schema }]) => {
      if (schema === null) return [status, { description }];
      return [
        status,
        { description, content: { 'application/json': { schema: schemaOf(schema, 'output', components) } } },
      ];
    }),
  );
}

/** Refusals of the route by status, and everything else as the default. */
function refusalsOf(route: Described): Json {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  const byStatus = new Map<number, string[]>();
  for (const code of route.refusals) {
    const status = PROBLEMS[code]?.status ?? 400;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const own = [...byStatus].map(([status, codes]) => {
    const description = codes.map((code) => `\`${code}\``).join(', ');
    return [String(status), { description, content }] as const;
  });
  return { ...Object.fromEntries(own), default: { description: 'Any other problem, by its `code`.', content } };
}

/** A JSON Schema; named parts move to the components once and are referred to. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Record<string, unknown>): Json {
  const json = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  delete json['$schema'];
  const { $defs, ...rest } = json;
  for (const [name, part] of Object.entries(($defs ?? {}) as Json)) components[name] ??= rebased(part);
  const { id } = rest;
  if (typeof id !== 'string') return rebased(rest) as Json;
  const { id: _name, ...named } = rest;
  components[id] ??= rebased(named);
  return { $ref: `#/components/schemas/${id}` };
}

/** `#/$defs/X` of a schema that stood alone becomes a component of the document. */
function rebased(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(rebased);
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part)
      .filter(([name, value]) => !(name === 'id' && typeof value === 'string'))
      .map(([name, value]) => {
        if (name !== '$ref' || typeof value !== 'string') return [name, rebased(value)];
        return [name, value.replace('#/$defs/', '#/components/schemas/')];
      }),
  );
}

function problemSchema(components: Record<string, unknown>): void {
  schemaOf(shapes.problem, 'output', components);
}

function isRequired(body: z.ZodType): boolean {
  return !body.safeParse({}).success;
}
